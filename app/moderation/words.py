"""What people write to moderators and moderators to them: cleaned, and not too long."""

from app import text
from app.language import gettext as _
from app.language import number
from app.moderation.deciding import REASON_LIMIT


def cleaned(field: str, given: str | None, faults: dict[str, str]) -> str | None:
    """The words as they are stored, None where there are none. What is wrong with them goes into `faults`."""
    try:
        clean = text.paragraphs(given or "") or None
    except ValueError as fault:
        faults[field] = _("This %(fault)s.", fault=fault)
        return None
    if clean is not None and len(clean) > REASON_LIMIT:
        faults[field] = _(
            "At most %(most)s characters fit; there are %(count)s.", most=number(REASON_LIMIT), count=number(len(clean))
        )
    return clean
