"""The words of a recommendation: cleaned, and what is wrong with them told beside each field.

A draft may lack anything; what is still missing the checklist tells before it is published.
"""

from dataclasses import dataclass, replace

from app import errors, text
from app.language import gettext as _
from app.language import number

TITLE_LIMIT = 200
STATEMENT_LIMIT = 10_000
NAME_LIMIT = 200
ADDRESSEES = ("city", "ministry", "organisation", "event", "other")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a recommendation says, and to whom, as given."""

    topic: str
    title: str = ""
    statement: str = ""
    language: str = "en"
    addressee_name: str = ""
    addressee_kind: str = "city"


def checked(given: Wording) -> Wording:
    """The same as it will be stored. Raises Invalid with a sentence for each field that cannot be taken."""
    faults: dict[str, str] = {}
    clean = replace(
        given,
        title=_clean("title", given.title, TITLE_LIMIT, faults),
        statement=_clean("statement", given.statement, STATEMENT_LIMIT, faults),
        addressee_name=_clean("addressee_name", given.addressee_name, NAME_LIMIT, faults),
        language=_language(given.language, faults),
    )
    if given.addressee_kind not in ADDRESSEES:
        faults["addressee_kind"] = _("This is one of %(choice)s.", choice=", ".join(ADDRESSEES))
    if faults:
        raise errors.Invalid(faults)
    return clean


def _clean(field: str, value: str, limit: int, faults: dict[str, str]) -> str:
    cleaner = text.paragraphs if field == "statement" else text.line
    try:
        clean = cleaner(value)
    except ValueError as fault:
        faults[field] = _("This %(fault)s.", fault=fault)
        return ""
    if len(clean) > limit:
        faults[field] = _(
            "This has %(count)s characters; at most %(limit)s fit.", count=number(len(clean)), limit=number(limit)
        )
    return clean


def _language(tag: str, faults: dict[str, str]) -> str:
    try:
        return text.language_tag(tag)
    except ValueError as fault:
        faults["language"] = _("The language %(fault)s.", fault=fault)
        return tag
