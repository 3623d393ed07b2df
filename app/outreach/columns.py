"""The parts of a line, and a first line that says what they are."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass

_NO_LETTER = re.compile(r"[\W_]+")
# What people call the columns of their lists in the six languages, without capitals, spaces and marks.
_CALLED: Mapping[str, str] = {
    "email": """email mail emailaddress mailaddress address adresse adresseemail adressemail adresseélectronique
        courriel correo correoelectrónico correoelectronico dirección direccion البريد البريدالإلكتروني البريدالالكتروني
        بريدإلكتروني العنوان عنوانالبريدالإلكتروني адрес почта электроннаяпочта элпочта адресэлектроннойпочты
        邮箱 邮件 电子邮件 电子邮箱 邮箱地址 邮件地址 电子邮件地址""",
    "given": "firstname givenname forename prénom prenom الاسمالأول имя",
    "name": "name fullname nom nomcomplet nombre nombrecompleto الاسم اسم الاسمالكامل фио 姓名 名字",
    "family": "lastname surname familyname nomdefamille apellido apellidos اسمالعائلة фамилия 姓",
    "language": "language lang langue idioma lengua اللغة لغة язык 语言",
    "organisation": """organisation organization org institution association organisme organización organizacion
        institución المنظمة منظمة المؤسسة организация 组织 机构 单位""",
}
_MEANS = {called: column for column, names in _CALLED.items() for called in names.split()}


@dataclass(frozen=True, slots=True)
class Header:
    """Which part of each line is what, and what stands between the parts."""

    between: str
    places: Mapping[str, int]

    def read(self, line: str) -> Mapping[str, str]:
        """The email, name, language and organisation of a line; empty where it has none."""
        fields = split(line, self.between)
        given = {column: fields[at] for column, at in self.places.items() if at < len(fields)}
        names = (given.get(part, "") for part in ("given", "name", "family"))
        said = {column: given.get(column, "") for column in ("email", "language", "organisation")}
        return said | {"name": " ".join(name for name in names if name)}


def header(line: str, between: str) -> Header | None:
    """The columns that a list's first line names; None where it is a line like any other."""
    if "@" in line:
        return None
    called = [_MEANS.get(_NO_LETTER.sub("", field.casefold())) for field in split(line, between)]
    places = {column: at for at, column in reversed(list(enumerate(called))) if column is not None}
    return Header(between, places) if "email" in places else None


def split(line: str, between: str) -> list[str]:
    """The parts of a line, without the spaces around them; within quotation marks nothing is between parts.

    Raises ValueError for what no table holds.
    """
    try:
        rows = list(csv.reader([line], delimiter=between, skipinitialspace=True))
    except csv.Error as fault:
        raise ValueError(str(fault)) from None
    return [field.strip() for field in rows[0]] if rows else []
