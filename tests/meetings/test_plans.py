"""What organisers say of a meeting to come, checked before any write."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.meetings.plans import checked_plan
from app.meetings.reports import Faults
from tests.meetings.planning import LINK, PLAN

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"title": " "}, "title", "title"), ({"about": "\u200b"}, "about", "what the meeting is for"),
        ({"about": "x" * 20_001}, "about", "20,000"), ({"title": "a\x00"}, "title", "not text"),
        ({"ends": "2031-05-03T14:30"}, "ends", "before it starts"), ({"starts": "soon"}, "starts", "date and time"),
        ({"starts": "9999-12-31T23:59"}, "starts", "date and time"),
        ({"deadline": "2031-05-03T14:31"}, "deadline", "after the start"),
        ({"time_zone": "Mars/Base"}, "time_zone", "no such"),
        ({"time_zone": "Europe/Paris", "starts": "2031-03-30T02:30"}, "starts", "clocks of Europe/Paris"),
        ({"time_zone": "Europe/Paris", "starts": "2030-10-27T02:30"}, "starts", "comes twice"),
        ({"place": ""}, "place", "online, or both"), ({"link": LINK}, "link", "not online"),
        ({"online": True, "link": "http://meet.example.org/"}, "link", "https://"),
        ({"online": True, "link": "https://user:secret@example.org/"}, "link", "https://"),
        ({"capacity": 0}, "capacity", "from 1 to"), ({"registration": "maybe"}, "registration", "one of"),
        ({"places": "auction"}, "places", "one of"), ({"contact": "nobody"}, "contact", "mail address"),
        ({"languages": ("no tag",)}, "languages", "language tag"), ({"languages": ("en",) * 21}, "languages", "20"),
        ({"documents": "Agenda"}, "documents", "one document in each line"),
        ({"documents": "Agenda javascript:alert(1)"}, "documents", "https://"),
    ],
)  # fmt: skip
def test_each_fault_is_told_beside_its_field(fields: dict[str, Any], field: str, said: str) -> None:
    faults = Faults()
    checked_plan(replace(PLAN, **fields), NEW_YORK, faults)
    assert said in faults[field], faults


def test_a_good_plan_has_none_and_times_in_its_zone_or_the_consultations() -> None:
    faults = Faults()
    there, here = (checked_plan(replace(PLAN, time_zone=zone), NEW_YORK, faults) for zone in ("Asia/Manila", ""))
    assert not faults
    assert (there["starts"].isoformat(), there["time_zone"]) == ("2031-05-03T06:30:00+00:00", "Asia/Manila")
    assert (here["starts"].isoformat(), here["time_zone"]) == ("2031-05-03T18:30:00+00:00", "America/New_York")
    assert there["about_html"].count("<li") == 1
