"""What people write to moderators and moderators to them: cleaned, and not too long."""

from app import text
from app.moderation.deciding import REASON_LIMIT


def cleaned(field: str, given: str | None, faults: dict[str, str]) -> str | None:
    """The words as they are stored, None where there are none. What is wrong with them goes into `faults`."""
    try:
        clean = text.paragraphs(given or "") or None
    except ValueError as fault:
        faults[field] = f"This {fault}."
        return None
    if clean is not None and len(clean) > REASON_LIMIT:
        faults[field] = f"At most {REASON_LIMIT:,} characters fit; there are {len(clean):,}."
    return clean
