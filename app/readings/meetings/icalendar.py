"""Calendars for other programs: iCalendar (RFC 5545, with names as RFC 7986 has them). Times are in UTC.

A calendar without METHOD is what is published: DTSTAMP is then when the event was last changed (3.8.7.2), so that the
same state gives the same bytes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

MEDIA_TYPE = "text/calendar; charset=utf-8"
_LONGEST = 75  # octets of a line, without its end (3.1)
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}  # in texts (3.3.11)
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `uid` never changes and is nobody else's; `sequence` grows with each change. None ends at once."""

    uid: str
    starts: datetime
    ends: datetime | None
    title: str
    url: str
    changed: datetime
    sequence: int
    text: str = ""
    place: str = ""
    cancelled: bool = False


def written(name: str, url: str, events: Sequence[Event]) -> bytes:
    """A calendar of these events, of which there must be one."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Plenary//Consultations//EN", "CALSCALE:GREGORIAN",
        f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}", f"URL:{url}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        *(line for event in events for line in _event(event)), "END:VCALENDAR",
    ]  # fmt: skip
    return b"".join(_folded(line) for line in lines)


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_moment(event.changed)}"
    yield f"LAST-MODIFIED:{_moment(event.changed)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART:{_moment(event.starts)}"
    if event.ends is not None:
        yield f"DTEND:{_moment(event.ends)}"
    else:
        yield "TRANSP:TRANSPARENT"  # nobody is busy because something opens or closes
    yield f"SUMMARY:{_text(event.title)}"
    if event.text:
        yield f"DESCRIPTION:{_text(event.text)}"
    if event.place:
        yield f"LOCATION:{_text(event.place)}"
    yield f"URL:{event.url}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _moment(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    plain = _NO_TEXT.sub("", value.replace("\r\n", "\n"))
    return "".join(_ESCAPED.get(letter, letter) for letter in plain)


def _folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets, each but the first after a space; no letter is cut in two."""
    pieces, piece = [], b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > _LONGEST:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
