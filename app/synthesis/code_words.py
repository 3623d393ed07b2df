"""The words of a code: cleaned, and what is wrong with them told beside each field. And the palette."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from app import errors, text
from app.language import gettext as _
from app.language import number

NAME_LIMIT = 200
DEFINITION_LIMIT = 4_000
MEMO_LIMIT = 5_000
GIST_LIMIT = 200

# What a code may look like, and as other programs have it. Colour never is the only sign: the name stands beside it.
COLOURS: Mapping[str, str] = {
    "blue": "#2f6fb0", "orange": "#c4620d", "green": "#37833b", "red": "#c23b3b", "violet": "#7d55b5",
    "teal": "#14808a", "brown": "#8f6236", "grey": "#6f7780",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeWords:
    """What a code is called and means, as given. With no colour it gets one that is not much used yet."""

    name: str
    definition: str = ""
    colour: str = ""
    parent: UUID | None = None


def checked(given: CodeWords) -> CodeWords:
    """The same as it will be stored. Raises Invalid with a sentence for each field that cannot be taken."""
    faults: dict[str, str] = {}
    name = cleaned_name(given.name, faults)
    definition = cleaned(given.definition, DEFINITION_LIMIT, "definition", faults)
    if not name and "name" not in faults:
        faults["name"] = _("Please give the code a name.")
    if given.colour and given.colour not in COLOURS:
        faults["colour"] = _("This is one of %(choice)s.", choice=", ".join(COLOURS))
    if faults:
        raise errors.Invalid(faults)
    return replace(given, name=name, definition=definition)


def cleaned_name(name: str, faults: dict[str, str]) -> str:
    """A code's name as it will be stored; what is wrong with it goes into `faults`."""
    return cleaned(" ".join(name.split()), NAME_LIMIT, "name", faults)


def cleaned(value: str, limit: int, field: str, faults: dict[str, str]) -> str:
    """Paragraphs as they will be stored; what is wrong with them goes into `faults`."""
    try:
        clean = text.paragraphs(value)
    except ValueError as fault:
        faults[field] = _("This %(fault)s.", fault=fault)
        return ""
    if len(clean) > limit:
        faults[field] = _(
            "This has %(count)s characters; at most %(limit)s fit.", count=number(len(clean)), limit=number(limit)
        )
    return clean


def memo_of(body: str) -> str:
    """A memo as it will be stored. Raises Invalid."""
    faults: dict[str, str] = {}
    clean = cleaned(body, MEMO_LIMIT, "memo", faults)
    if not clean and not faults:
        faults["memo"] = _("Please write something.")
    if faults:
        raise errors.Invalid(faults)
    return clean


def gist_of(body: str) -> str:
    """A gist as it will be stored: one line. Raises Invalid."""
    faults: dict[str, str] = {}
    clean = cleaned(" ".join(body.split()), GIST_LIMIT, "gist", faults)
    if not clean and not faults:
        faults["gist"] = _("Please write something.")
    if faults:
        raise errors.Invalid(faults)
    return clean
