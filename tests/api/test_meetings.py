"""Meetings through the API: the same rules as on pages, and one provenance wherever a contribution is read."""

import csv
import io
import json
from typing import Any
from uuid import UUID

import pytest

from app.contributions.models import Contribution
from app.database import Database
from app.meetings import sources
from tests.api.talk import Talk, key_for
from tests.making import AFTER, BEFORE
from tests.meetings.planning import BOTH, LINK, announce
from tests.meetings.reporting import waiting

pytestmark = pytest.mark.anyio
BACK: dict[str, Any] = {"body": "City desks for newcomers.", "questions": ["inclusion.a"], "said": "report-back"}
NAMED: dict[str, Any] = {
    "body": "We map skills.", "topic": AFTER, "name": "Sample speaker", "consent": {"given": "name", "how": "spoken"},
    "organisation": {"name": "Sample association", "kind": "diaspora", "country": "ph"},
}  # fmt: skip
MEETING: dict[str, Any] = {
    "title": "Meeting in Quezon City", "date": "2016-09-13", "place": "Quezon City, Philippines", "attendance": 22,
    "organisations": 11, "points": [BACK, NAMED],
}  # fmt: skip
PAPER: dict[str, Any] = {"channel": "paper", "date": "2016-09-01", "language": "en", **BACK, "said": None}


async def report(said: Talk, who: str | None = "moderator", **more: Any) -> Any:
    headers = more.pop("headers", None)
    return await said.ask("POST", f"{said.home}/meetings", who, headers=headers, json={**MEETING, **more})


async def transcribe(said: Talk, who: str | None = "moderator", **more: Any) -> Any:
    return await said.ask("POST", f"{said.home}/transcriptions", who, json={**PAPER, **more})


async def test_a_meeting_is_reported_listed_and_read(said: Talk) -> None:
    answer = await report(said)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert [(point["number"], point["status"], point["said"]) for point in made["points"]] == [
        (1, "published", "report-back"), (2, "published", "floor"),
    ]  # fmt: skip
    [listed] = (await said.read(f"{said.home}/meetings"))["items"]
    assert (listed["attendance"], listed["organisations"], listed["contributions"]) == (22, 11, 2)
    assert (listed["report_back"], listed["floor"]) == (1, 1)
    one = await said.read(f"{said.home}/meetings/{made['id']}")
    assert answer.headers["location"].endswith(f"{said.home}/meetings/{made['id']}")
    assert {name: one[name] for name in listed} == listed
    assert [item["topic"] for item in one["items"]] == [BEFORE, AFTER]
    assert (await said.get(f"{said.home}/meetings", cursor="x")).status_code == 400
    assert (await said.get(f"{said.home}/meetings/{made['points'][0]['id']}")).status_code == 404


async def test_meetings_to_come_are_listed_without_link_and_guests(database: Database, said: Talk) -> None:
    empty = await said.get(f"{said.home}/meetings/planned")
    first, second = [await announce(database, said.made, BOTH) for _time in range(2)]
    page = await said.read(f"{said.home}/meetings/planned", limit=1)
    assert [item["id"] for item in page["items"]] == [str(first.id)] and page["next"]
    answer = await said.client.get(page["next"])
    [item] = answer.json()["items"]
    assert (item["id"], item["starts"], item["register_until"]) == (
        str(second.id), "2031-05-03T06:30:00Z", "2031-05-02T10:00:00Z",
    )  # fmt: skip
    assert item["documents"] == [{"title": "Sample agenda", "url": "https://example.org/agenda.pdf"}]
    assert LINK not in answer.text and empty.headers["etag"] != answer.headers["etag"]
    assert (await said.get(f"{said.home}/meetings/planned", cursor="x")).status_code == 400
    assert await said.read(f"{said.home}/meetings") == {"items": [], "next": None}
    changes = (await said.read(f"{said.home}/changes", limit=1000))["items"]
    assert [entry["kind"] for entry in changes[-2:]] == ["meeting.announced"] * 2
    refused = await report(said, planned=str(first.id))
    assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "planned", refused.text


async def test_the_provenance_is_the_same_wherever_it_is_read(said: Talk) -> None:
    made = (await report(said)).json()
    ids = [point["id"] for point in made["points"]]
    one = (await said.read(f"{said.home}/meetings/{made['id']}"))["items"]
    changes = (await said.read(f"{said.home}/changes", limit=1000))["items"]
    followed = {entry["subject"]: entry["contribution"] for entry in changes if entry["subject"] in ids}
    exported = [json.loads(line) for line in (await said.get(f"{said.home}/export.jsonl")).text.splitlines()]
    rows = list(csv.DictReader(io.StringIO((await said.get(f"{said.home}/export.csv")).text)))
    for at, id in enumerate(ids):
        shown = await said.read(said.at(id))
        assert shown == one[at] == followed[id] == exported[at]
        assert json.loads(rows[at]["provenance"]) == shown["provenance"]
        assert shown["provenance"]["meeting"]["attendance"] == 22
        assert shown["provenance"]["meeting"]["id"] == made["id"]


async def test_a_confirmation_is_a_change_like_any_other(database: Database, said: Talk) -> None:
    text = (await transcribe(said)).json()
    size = (await said.read(f"{said.home}/changes"))["size"]
    asked = await said.ask("POST", said.at(text["id"], "/sources"), "moderator", json={"email": "source@example.org"})
    assert asked.status_code == 201 and "source@example.org" not in asked.text
    id = UUID(asked.json()["id"])
    async with database.writing() as session:
        contribution = await session.get(Contribution, UUID(text["id"]))
        assert contribution
    revision = (await waiting(database, contribution)).id
    async with database.writing() as session:
        await sources.answer(session, id, sources.link_path(id).rsplit("/", 1)[1], revision, right=True)
    [entry] = (await said.read(f"{said.home}/changes", after=size))["items"]
    assert (entry["kind"], entry["changed"]) == ("contribution.updated", ["provenance"])
    assert entry["contribution"]["provenance"]["confirmation"]["state"] == "confirmed"
    assert entry["contribution"] == await said.read(said.at(text["id"]))


async def test_a_participants_report_waits(said: Talk) -> None:
    answer = await report(said, "participant")
    assert answer.status_code == 201
    assert {point["status"] for point in answer.json()["points"]} == {"pending"}
    assert answer.json()["held_by"] == "Sample network"
    assert (await said.read(f"{said.home}/meetings"))["items"] == []
    assert (await said.get(f"{said.home}/meetings/{answer.json()['id']}", "participant")).status_code == 404
    queue = await said.read(f"{said.home}/queue", "moderator")
    assert {item["contribution"] for item in queue["items"]} == {point["id"] for point in answer.json()["points"]}


async def test_who_may_and_who_may_not(database: Database, said: Talk) -> None:
    assert (await report(said, None)).status_code == 401
    other = await report(said, "other")
    assert other.status_code == 403 and "profile names none" in other.json()["detail"]
    said.keys["writes"] = await key_for(database, said.made.moderator, "write")
    assert (await report(said, "writes")).status_code == 403  # a moderator without the scope speaks for nobody here
    for who, status in ((None, 401), ("participant", 403), ("writes", 403), ("organiser", 201)):
        assert (await transcribe(said, who)).status_code == status, who
    own = await said.posted()
    for who, status in (("participant", 403), ("moderator", 409)):
        answer = await said.ask("POST", said.at(own["id"], "/sources"), who, json={"email": "a@example.org"})
        assert answer.status_code == status, who


async def test_faults_are_told_by_field_and_nothing_is_kept(said: Talk) -> None:
    answer = await report(said, points=[BACK, {**NAMED, "consent": {"given": "words", "how": "spoken"}}], date="x")
    assert answer.status_code == 422
    fields = {error["field"]: error["message"] for error in answer.json()["errors"]}
    assert set(fields) == {"date", "points.1.consent"} and "consent" in fields["points.1.consent"]
    assert (await report(said, colour="red")).status_code == 422
    assert (await transcribe(said, channel="web")).json()["errors"][0]["field"] == "channel"
    assert (await said.read(f"{said.home}/contributions"))["items"] == []


async def test_a_report_with_a_key_of_its_own_is_done_once(said: Talk) -> None:
    headers = {"Idempotency-Key": "quezon-1"}
    first, second = await report(said, headers=headers), await report(said, headers=headers)
    assert first.json() == second.json() and first.status_code == second.status_code == 201
    assert len((await said.read(f"{said.home}/meetings"))["items"]) == 1
