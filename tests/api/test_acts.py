"""The whole life of a text through the API: asked to change, approved, locked, moved, merged, redacted, revealed."""

from datetime import timedelta

import pytest

from app.accounts import actions
from app.clock import now
from app.database import Database
from app.permissions import OPERATOR
from tests.api.talk import Talk, key_for
from tests.making import AFTER, BEFORE

pytestmark = pytest.mark.anyio


async def test_the_life_of_a_text(said: Talk) -> None:
    shown = await said.posted(topic=BEFORE, body="Call 555-0100, please.")
    id, revision = shown["id"], shown["waiting"]["revision"]
    asked = await said.decide(id, "ask", revision=revision)
    assert (asked.status_code, asked.json()["status"]) == (201, "pending")
    assert (await said.read(f"{said.home}/queue", "moderator"))["items"] == []
    edited = await said.ask("PATCH", said.at(id), "participant", {"If-Match": "*"}, json={"title": "Better"})
    revision = edited.json()["waiting"]["revision"]
    approved = await said.decide(id, "approve", revision=revision, tags=["Housing"], questions=["inclusion.a"])
    assert approved.status_code == 201
    public = await said.read(said.at(id))
    assert (public["tags"], public["questions"], public["title"]) == (["housing"], ["inclusion.a"], "Better")

    assert (await said.decide(id, "redact", passage="555-0100")).status_code == 201
    assert (await said.read(said.at(id)))["body"] == "Call █████, please."
    assert "555-0100" not in (await said.get(said.at(id, "/revisions"))).text

    assert (await said.decide(id, "lock")).status_code == 201
    refused = await said.post(parent=id)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/closed")
    assert (await said.decide(id, "unlock")).status_code == 201

    assert (await said.decide(id, "move", topic=AFTER)).status_code == 201
    other = (await said.posted(title="The same"))["number"]
    assert (await said.decide(id, "pin")).status_code == 201
    assert (await said.decide(id, "merge", into=other)).status_code == 201
    moved = await said.get(said.at(id))
    assert moved.status_code == 308 and moved.headers["cache-control"] == "public, max-age=0, s-maxage=2"
    assert (await said.read(moved.headers["location"]))["number"] == other
    assert moved.json()["number"] == other


async def test_what_an_act_needs_is_named(said: Talk) -> None:
    id = (await said.posted())["id"]
    reply = (await said.posted(parent=id))["id"]
    for which, act, given, field in (
        (id, "move", {}, "topic"), (reply, "move", {}, "parent"), (reply, "split", {}, "title"),
        (id, "merge", {}, "into"), (id, "merge", {"into": 10**12}, "into"), (id, "redact", {}, "passage"),
        (id, "suspend", {}, "until"), (id, "move", {"parent": "x"}, "parent"),
        (id, "suspend", {"until": "2030-01-01T00:00:00"}, "until"),
    ):  # fmt: skip
        answer = await said.decide(which, act, **given)
        assert answer.status_code == 422, (act, answer.text)
        assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("act", "public", "told"),
    [("hide", True, "the author is told"), ("lock", True, ""), ("warn", False, "the author is told"),
     ("reveal", False, "the author and all organisers are told")],
)  # fmt: skip
async def test_whoever_gives_no_reason_learns_who_would_read_it(said: Talk, act: str, public: bool, told: str) -> None:
    id = (await said.posted(byline="anonymous"))["id"]
    refused = await said.decide(id, act, reason=" ")
    [error] = refused.json()["errors"]
    assert (refused.status_code, error["field"]) == (422, "reason")
    assert told in error["message"] and ("public log keeps it" in error["message"]) == public
    assert public or "It is not public." in error["message"]


async def test_only_who_looked_up_a_name_reads_it(said: Talk) -> None:
    id = (await said.posted(byline="anonymous"))["id"]
    assert "Participant A" not in (await said.get(said.at(id), "moderator")).text
    answer = await said.decide(id, "reveal")
    assert (answer.status_code, answer.json()["revealed"], answer.json()["seq"]) == (201, "Participant A", None)
    changes = (await said.get(f"{said.home}/changes")).text
    assert "reveal" not in changes and "Participant A" not in changes
    assert (await said.decide(id, "reveal", who="other")).status_code == 403


@pytest.mark.parametrize("now_is", ["no moderator", "another key"])
async def test_a_decision_is_not_told_again_to_who_may_make_none(said: Talk, database: Database, now_is: str) -> None:
    id = (await said.posted(byline="anonymous"))["id"]
    asked = {"act": "reveal", "reason": "Because of a rule."}
    once, path = {"Idempotency-Key": "reveal-1"}, said.at(id, "/decisions")
    answers = [await said.ask("POST", path, "moderator", once, json=asked) for _ in range(2)]
    assert [answer.json().get("revealed") for answer in answers] == ["Participant A"] * 2
    key = "moderator"
    if now_is == "another key":
        key = await key_for(database, said.made.moderator, "read", "write")
    else:
        async with database.writing() as session:
            await actions.take_role_back(session, OPERATOR, "moderator-c@example.org", "moderator", said.made.id)
    again = await said.ask("POST", path, key, once, json=asked)
    assert again.status_code == 403 and "Participant A" not in again.text


async def test_who_is_suspended_cannot_post(said: Talk) -> None:
    id = (await said.posted())["id"]
    until = (now() + timedelta(days=3)).isoformat()
    assert (await said.decide(id, "suspend", until=until)).status_code == 201
    refused = await said.post()
    assert (refused.status_code, "suspended" in refused.json()["detail"]) == (403, True)
    assert (await said.decide(id, "lift")).status_code == 201
    assert (await said.post()).status_code == 201
