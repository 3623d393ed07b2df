"""A file as somebody sends it, and what it may be called."""

import re
from dataclasses import dataclass

from app import text
from app.files.kinds import DOCX, JPEG, ODT, PDF, PNG, Cleaned, Refused

_LONGEST = 80  # characters of a name, without its ending
_ENDINGS = {PDF: ("pdf",), DOCX: ("docx",), ODT: ("odt",), PNG: ("png",), JPEG: ("jpg", "jpeg", "jpe")}
_UNSAFE = re.compile(r'[<>:"|?*\\/]')


@dataclass(frozen=True, slots=True)
class Upload:
    """A file with the name that its sender gives it, and what became of it (see `apart.upload`)."""

    name: str
    full: Cleaned | Refused  # as it is kept where its author is named
    withheld: Cleaned | Refused  # and where that is withheld

    def cleaned(self, *, withheld: bool) -> Cleaned:
        """As it is kept. Raises Refused."""
        result = self.withheld if withheld else self.full
        if isinstance(result, Refused):
            raise result
        return result


def name_of(given: str, kind: str) -> str:
    """The name under which a file of this type is kept. Raises Refused where it says another type."""
    try:
        clean = text.line(given)
    except ValueError:
        clean = ""
    clean = _UNSAFE.sub("-", re.split(r"[\\/]", clean)[-1]).strip(" .-")
    stem, dot, ending = clean.rpartition(".")
    if dot and ending.lower() not in _ENDINGS[kind]:
        raise Refused("mismatch")
    return f"{stem[:_LONGEST].strip()}.{ending.lower()}" if dot and stem else neutral_name(kind, clean[:_LONGEST])


def neutral_name(kind: str, stem: str = "") -> str:
    """A name that tells nothing but the type."""
    return f"{stem or 'attachment'}.{_ENDINGS[kind][0]}"
