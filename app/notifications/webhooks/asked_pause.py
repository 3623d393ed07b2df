"""How long a receiver asks us to wait: `Retry-After` (RFC 9110, section 10.2.3) of an answer 429 or 503."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(hours=8)  # as long as our own longest pause: nobody is put off for ever by one header
_MOST_DIGITS = 9


def asked_pause(status: int, headers: Iterable[tuple[bytes, bytes]], now: datetime) -> timedelta:
    """The pause that is asked for, in seconds or until a date, at most eight hours. None where nothing valid is."""
    given = [value for name, value in headers if name.lower() == b"retry-after"]
    if status not in (429, 503) or len(given) != 1:
        return timedelta(0)
    return min(max(_pause(given[0].decode("latin-1").strip(), now), timedelta(0)), LONGEST)


def _pause(value: str, now: datetime) -> timedelta:
    if value.isascii() and value.isdecimal():
        return timedelta(seconds=int(value)) if len(value) <= _MOST_DIGITS else LONGEST
    try:
        date = parsedate_to_datetime(value)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
    except (ValueError, OverflowError):
        return timedelta(0)
