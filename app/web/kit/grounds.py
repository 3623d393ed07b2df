"""What a form says: why, about what, and how often."""

from uuid import UUID

from starlette.datastructures import FormData

from app import errors
from app.language import gettext as _
from app.moderation.deciding import Grounds


def grounds_in(sent: FormData) -> Grounds:
    """Rule, reason, note, and whether the moderator signs. What is wrong with them, the action says."""
    reason, rule, note = (str(sent.get(name, "")) or None for name in ("reason", "rule", "note"))
    return Grounds(reason, rule, note, signed=sent.get("signed") == "1")


def identifier(value: object) -> UUID:
    """An identifier that a form carries as this value. Raises Malformed for what is none."""
    try:
        return UUID(str(value))
    except ValueError:
        raise errors.Malformed(_("This form is broken. Please open it again.")) from None


def identifier_in(sent: FormData, name: str) -> UUID:
    """An identifier that the form carries. Raises Malformed where it does not."""
    found = optional_in(sent, name)
    if found is None:
        raise errors.Malformed(_("This form is broken. Please open it again."))
    return found


def optional_in(sent: FormData, name: str) -> UUID | None:
    """As `identifier_in`; None where nothing is given."""
    value = str(sent.get(name, ""))
    try:
        return UUID(value) if value else None
    except ValueError:
        raise errors.Malformed(_("This form is broken. Please open it again.")) from None


def count_in(sent: FormData, name: str) -> int:
    """A whole number that the form carries. Raises Malformed where it does not."""
    said = str(sent.get(name, ""))
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise errors.Malformed(_("This form is broken. Please open it again."))
    return int(said)
