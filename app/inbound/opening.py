"""What a mail may say in lines of its own at the top: how it is signed, what it is, in which language; and commands.

The words are those of the six languages, whatever the mail is written in. They are read, so they are no messages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

_BYLINE = ("byline", "signed", "signature", "firma", "підпис", "подпись", "署名", "التوقيع", "توقيع")
_KIND = ("kind", "type", "tipo", "вид", "类型", "النوع", "نوع")
_LANGUAGE = ("language", "langue", "idioma", "язык", "语言", "اللغة", "لغة")
_BYLINES = {
    "full": ("full", "name", "nom", "nombre", "имя", "姓名", "الاسم", "complète", "completa"),
    "organisation": ("organisation", "organization", "organización", "организация", "组织", "المنظمة", "منظمة"),
    "anonymous": ("anonymous", "anonyme", "anónimo", "anónima", "anonimo", "анонимно", "匿名", "مجهول", "بلا اسم"),
}
_KINDS = {
    "experience": ("experience", "expérience", "experiencia", "опыт", "经验", "تجربة"),
    "proposal": ("proposal", "proposition", "propuesta", "предложение", "提案", "建议", "مقترح", "اقتراح"),
    "question": ("question", "pregunta", "вопрос", "问题", "سؤال"),
    "resource": ("resource", "ressource", "recurso", "материал", "ресурс", "资源", "مورد"),
}
_LINE = re.compile(r"\s*([^\W\d_]+)\s*[:：]\s*(\S[^\n]{0,60}?)\s*", re.UNICODE)
_VERBS = {
    "edit": ("edit", "modifier", "editar", "изменить", "修改", "تعديل"),
    "withdraw": ("withdraw", "retirer", "retirar", "отозвать", "撤回", "سحب"),
}
_COMMAND = re.compile(r"\s*([^\W\d_]+)\s*(?:([a-z0-9-]{2,64})/)?#?(\d{1,9})[.\s]*", re.IGNORECASE)
_YES = (
    "yes",
    "ok",
    "confirm",
    "oui",
    "sí",
    "si",
    "да",
    "是",
    "是的",
    "确认",
    "نعم",
    "أؤكد",
    "confirmer",
    "confirmo",
    "подтверждаю",
)
_NO = ("no", "non", "нет", "不", "不是", "否", "لا")
_REPLIED = re.compile(
    r"^(?:\s*(?:re|fwd?|aw|tr|rv|rép|отв|ответ|回复|转发|رد|الرد)\s*(?:\[\d+\])?\s*[:：])+\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the lines at the top say; None is not said. `rest` is the text without them."""

    rest: str
    byline: str | None = None
    kind: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """What is to be done with which text; `rest` is what else the mail says."""

    verb: str
    number: int
    consultation: str | None
    rest: str


def read_opening(text: str) -> Opening:
    """The lines at the top of a mail, as long as they are such lines."""
    found, rest = Opening(text), text
    while rest:
        first, _line, after = rest.partition("\n")
        said = _said(first) if first.strip() else {}
        if first.strip() and not said:
            break
        found, rest = replace(found, **said), after
    return replace(found, rest=rest.strip("\n"))


def read_command(subject: str, text: str) -> Command | None:
    """What the subject, or else the first line, says is to be done; None where it is no command."""
    first, _line, rest = text.lstrip().partition("\n")
    for words, left in ((bare(subject), text), (first, rest)):
        found = _COMMAND.fullmatch(words)
        verb = _one_of(_VERBS, found[1]) if found else None
        if found and verb:
            return Command(verb, int(found[3]), found[2] and found[2].lower(), left.strip("\n"))
    return None


def read_answer(text: str) -> bool | None:
    """Whether a short answer says yes or no; None where it says neither."""
    first = text.strip().partition("\n")[0].strip(" .!。！،").casefold()
    return True if first in _YES else False if first in _NO else None


def bare(subject: str) -> str:
    """A subject without the `Re:` and `Fwd:` that programs put before it."""
    return _REPLIED.sub("", subject).strip()


def _said(line: str) -> dict[str, str]:
    found = _LINE.fullmatch(line)
    name, value = (found[1].casefold(), found[2].casefold()) if found else ("", "")
    if name in _BYLINE and (byline := _one_of(_BYLINES, value)):
        return {"byline": byline}
    if name in _KIND and (kind := _one_of(_KINDS, value)):
        return {"kind": kind}
    if name in _LANGUAGE and re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", value):
        return {"language": value}
    return {}


def _one_of(choice: Mapping[str, tuple[str, ...]], word: str) -> str | None:
    return next((name for name, words in choice.items() if word.casefold() in words), None)
