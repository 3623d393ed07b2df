"""Opening, extending, closing and reopening through the API."""

from datetime import timedelta
from typing import Any

import pytest
from httpx import Response

from app import clock
from app.database import Database
from tests.api.talk import Talk, key_for
from tests.making import AFTER

pytestmark = pytest.mark.anyio


async def act(said: Talk, who: str | None = "organiser", **given: Any) -> Response:
    return await said.ask("POST", f"{said.home}/phases", who, json={"reason": "Because.", **given})


async def test_an_organiser_closes_and_reopens(said: Talk) -> None:
    closed = await act(said, act="close", reason="A flood.")
    assert closed.status_code == 201
    assert closed.headers["location"].endswith(said.home)
    assert (closed.json()["act"], closed.json()["topic"], closed.json()["reason"]) == ("close", None, "A flood.")
    assert (await said.read(said.home))["phase"] == "closed"
    assert (await said.post()).json()["type"] == "/problems/closed"
    assert (await act(said, act="close")).status_code == 409
    until = clock.iso(clock.now().replace(microsecond=0) + timedelta(days=3))
    assert (await act(said, act="reopen", closes=until)).json()["closes"] == until
    assert (await said.read(said.home))["closes"] == until
    await said.posted()
    kinds = [entry["kind"] for entry in (await said.read(f"{said.home}/changes", limit=1000))["items"]]
    assert kinds[-2:] == ["topic.opened", "contribution.published"]


async def test_one_topic(said: Talk) -> None:
    assert (await act(said, act="close", topic=AFTER)).json()["topic"] == AFTER
    topics = {topic["slug"]: topic["phase"] for topic in (await said.read(said.home))["topics"]}
    assert topics[AFTER] == "closed" and "open" in topics.values()


async def test_who_may_not(said: Talk, database: Database) -> None:
    assert (await act(said, None, act="close")).status_code == 401
    narrow = await key_for(database, said.made.organiser, "read", "write")
    for who in ("participant", "moderator", narrow):
        assert (await act(said, who, act="close")).status_code == 403
    assert (await said.ask("POST", "/api/v1/consultations/nowhere/phases", "organiser",
                           json={"act": "close", "reason": "x"})).status_code == 404  # fmt: skip


async def test_what_cannot_be_taken(said: Talk) -> None:
    for given, field in (
        ({"act": "praise"}, "act"), ({"act": "close", "reason": ""}, "reason"), ({"act": "extend"}, "closes"),
        ({"act": "reopen", "closes": "2016-01-01T00:00:00"}, "closes"), ({"act": "close", "topic": "none"}, "topic"),
        ({"act": "close", "closes": "2199-01-01T00:00:00Z"}, "closes"), ({"act": "close", "colour": "blue"}, "colour"),
    ):  # fmt: skip
        answer = await act(said, **given)
        assert answer.status_code == 422, (given, answer.text)
        assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_twice_with_one_key_is_done_once(said: Talk) -> None:
    answers = [
        await said.ask("POST", f"{said.home}/phases", "organiser", {"Idempotency-Key": "k"},
                       json={"act": "close", "reason": "x"}) for _ in range(2)
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
