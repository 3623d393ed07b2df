"""Calendars, octet by octet (RFC 5545)."""

from datetime import UTC, datetime

from app.readings.meetings.icalendar import Event, written

STARTS = datetime(2031, 5, 3, 6, 30, tzinfo=UTC)
EVENT = Event(
    "01985d2e-7d3a-7c41-9d5e-2b1f0a6c8e12", STARTS, STARTS.replace(hour=8), "A; B, C\\D", "https://example.org/c/x",
    STARTS.replace(year=2030), 3, "One\nTwo\x07", "Hall",
)  # fmt: skip
EXPECTED = rb"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Plenary//Consultations//EN
CALSCALE:GREGORIAN
NAME:Sample\, all of it
X-WR-CALNAME:Sample\, all of it
URL:https://example.org/calendar.ics
REFRESH-INTERVAL;VALUE=DURATION:PT6H
BEGIN:VEVENT
UID:01985d2e-7d3a-7c41-9d5e-2b1f0a6c8e12
DTSTAMP:20300503T063000Z
LAST-MODIFIED:20300503T063000Z
SEQUENCE:3
DTSTART:20310503T063000Z
DTEND:20310503T083000Z
SUMMARY:A\; B\, C\\D
DESCRIPTION:One\nTwo
LOCATION:Hall
URL:https://example.org/c/x
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
"""


def test_a_calendar_octet_by_octet() -> None:
    made = written("Sample, all of it", "https://example.org/calendar.ics", [EVENT])
    assert made == EXPECTED.replace(b"\n", b"\r\n")


def test_long_lines_are_folded_between_letters() -> None:
    long = "Réunion 会议 اجتماع 🙂 " * 20
    event = Event(EVENT.uid, STARTS, None, long, EVENT.url, STARTS, 0, cancelled=True)
    made = written("x" * 74, EVENT.url, [event])
    lines = made.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no letter is cut in two
    unfolded = made.replace(b"\r\n ", b"").decode()
    assert f"SUMMARY:{long}\r\n" in unfolded and "STATUS:CANCELLED" in unfolded and "DTEND" not in unfolded
