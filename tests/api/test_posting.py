"""Posting: what is answered, what is refused and to whom, and that a request sent twice is done once."""

import asyncio
import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, update

from app.accounts import limits
from app.accounts.actions import make_key
from app.accounts.models import Membership, Person
from app.config import settings
from app.database import Database
from app.permissions import OPERATOR, Actor
from tests.api.talk import Talk, key_for
from tests.making import AFTER, BEFORE, make_person

pytestmark = pytest.mark.anyio


async def test_a_text_that_is_public_at_once(said: Talk) -> None:
    answer = await said.post(
        body="Associations keep **one** register.", language="FIL", questions=[f"{AFTER}.b", f"{AFTER}.a"],
        places=[{"city": " Quezon  City", "country": "ph", "role": "origin"}, {"country": "US"}],
    )  # fmt: skip
    shown = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"https://plenary.example/api/v1/contributions/{shown['id']}"
    assert answer.headers["etag"] == f'"1-{shown["seq"]}"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert shown["status"] == "published"
    assert shown["number"] == 1
    assert shown["url"].endswith("/1")
    assert shown["html"] == '<p dir="auto">Associations keep <strong>one</strong> register.</p>\n'
    assert shown["language"] == "fil"
    assert shown["questions"] == [f"{AFTER}.a", f"{AFTER}.b"]
    assert shown["places"][0] == {"city": "Quezon City", "country": "PH", "role": "origin"}
    assert shown["channel"] == "api"
    assert shown["author"]["name"] == "Participant A"
    assert shown["organisation"]["name"] == "Sample network"
    assert shown["thread"] == shown["id"]
    assert await said.read(answer.headers["location"]) == shown
    assert (await said.read(f"{said.home}/contributions"))["items"] == [shown]


async def test_a_text_that_waits(said: Talk) -> None:
    answer = await said.post(topic=BEFORE)
    shown = answer.json()
    assert answer.status_code == 201
    assert (shown["status"], shown["number"], shown["url"]) == ("pending", None, None)
    assert set(shown["waiting"]) == {"revision", "since", "because"}
    assert (await said.get(said.at(shown["id"]))).status_code == 404
    assert (await said.get(said.at(shown["id"]), "other")).status_code == 404
    assert (await said.get(said.at(shown["id"]), "participant")).json() == shown
    assert (await said.get(said.at(shown["id"]), "moderator")).json() == shown


async def test_a_reply_takes_its_topic_and_kind_from_where_it_stands(said: Talk) -> None:
    root = await said.posted()
    reply = await said.posted("other", parent=root["id"])
    assert (reply["kind"], reply["topic"], reply["depth"], reply["parent"], reply["thread"]) == (
        "reply", AFTER, 1, root["id"], root["id"],
    )  # fmt: skip
    assert (await said.read(said.at(root["id"])))["replies"] == 1
    assert (await said.post(parent=root["id"], topic=AFTER)).status_code == 201
    other_topic = await said.post(parent=root["id"], topic=BEFORE)
    assert other_topic.status_code == 422
    assert other_topic.json()["errors"][0]["field"] == "topic"


async def test_bylines_withhold(said: Talk) -> None:
    organisation = await said.posted(byline="organisation")
    assert organisation["author"] is None
    assert organisation["organisation"]["name"] == "Sample network"
    nobody = await said.posted(byline="anonymous", places=[{"country": "PH"}])
    assert (nobody["author"], nobody["organisation"], nobody["capacity"]) == (None, None, "personal")
    for filters in ({"country": "PH"}, {"organisation_kind": "diaspora"}):
        numbers = [item["number"] for item in (await said.read(f"{said.home}/contributions", **filters))["items"]]
        assert numbers == [organisation["number"]]
    assert (await said.read(f"{said.home}/contributions", place="PH"))["items"] == []


async def test_a_byline_not_given_is_the_one_chosen_last(said: Talk) -> None:
    root = await said.posted(byline="anonymous")
    for given in ({}, {"parent": root["id"]}):
        again = await said.posted(**given)
        assert (again["byline"], again["author"]) == ("anonymous", None)
    assert (await said.post(byline="full", title="")).status_code == 422
    assert (await said.posted())["byline"] == "anonymous", "what was refused chose nothing"
    assert (await said.posted("other"))["byline"] == "full", "nor is it another's choice"


async def test_lowering_a_byline_chooses_nothing_for_the_next_text(said: Talk) -> None:
    text = await said.posted(byline="full")
    lower = {"json": {"byline": "anonymous"}, "headers": {"If-Match": '"1-1"'}}
    assert (await said.ask("PATCH", said.at(text["id"]), "participant", **lower)).json()["byline"] == "anonymous"
    assert (await said.posted())["byline"] == "full"


async def test_a_byline_costs_a_statement_only_where_it_is_another(said: Talk, database: Database) -> None:
    kept: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        kept.extend([statement] if statement.startswith("UPDATE people") else [])

    event.listen(database.write.sync_engine, "before_cursor_execute", note)
    try:
        for given, statements in (({"byline": "anonymous"}, 1), ({"byline": "anonymous"}, 1), ({}, 1)):
            await said.posted(**given)
            assert len(kept) == statements, given
    finally:
        event.remove(database.write.sync_engine, "before_cursor_execute", note)


WRONG: list[tuple[dict[str, Any], set[str]]] = [
    ({"title": "", "body": "  "}, {"title", "body"}),
    ({"title": "x" * 201, "body": "x" * 20_001, "language": "?"}, {"title", "body", "language"}),
    ({"kind": "poem"}, {"kind"}),
    ({"kind": None}, {"kind"}),
    ({"topic": "nowhere"}, {"topic"}),
    ({"topic": None}, {"topic"}),
    ({"topic": "\x00"}, {"topic"}),
    ({"parent": "01985d2e-7d3a-7c41-9d5e-2b1f0a6c8e11"}, {"parent"}),
    ({"parent": "no id"}, {"parent"}),
    ({"questions": ["nowhere.a"]}, {"questions"}),
    ({"places": [{"country": "XX"}, {}, {"city": "A", "role": "here"}]}, {"places.0", "places.1", "places.2"}),
    ({"places": [{"country": "PH"}] * 11}, {"places"}),
    ({"places": [{"country": "PH", "planet": "Earth"}]}, {"places.0.planet"}),
    ({"byline": "pseudonym"}, {"byline"}),
    ({"capacity": "royal"}, {"capacity"}),
    ({"title": 7, "colour": "blue"}, {"title", "colour"}),
    ({"title": "a\x00b", "body": "c\x00d"}, {"title", "body"}),
]


async def test_every_wrong_field_is_named(said: Talk) -> None:
    for given, fields in WRONG:
        answer = await said.post(**given)
        problem = answer.json()
        assert answer.status_code == 422, (given, problem)
        assert problem["type"] == "/problems/invalid"
        assert {error["field"] for error in problem["errors"]} == fields, given
        assert all(error["message"] for error in problem["errors"])
    assert (await said.read(f"{said.home}/contributions"))["items"] == []


async def test_an_organisation_is_needed_to_speak_for_one(said: Talk) -> None:
    for field in ("capacity", "byline"):
        given: dict[str, Any] = {field: "organisation"}
        answer = await said.post("other", **given)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_who_may_not_post(said: Talk, database: Database) -> None:
    made = said.made
    assert (await said.post(None)).status_code == 401
    assert (
        await said.client.post(f"{said.home}/contributions", headers={"Cookie": "__Host-session=x"})
    ).status_code == 401
    assert (await said.post("plenary_wrong")).status_code == 401
    assert (await said.post(await key_for(database, made.participant, "read", "moderate"))).status_code == 403
    assert (await said.post(kind="note")).status_code == 403
    assert (await said.post("moderator", kind="note", title="Week 1")).status_code == 201
    async with database.writing() as session:
        session.add(Membership(person_id=made.other.person, consultation_id=made.id, role="suspended"))
        await session.execute(update(Person).where(Person.id == made.organiser.person).values(consented=None))
    suspended = await said.post("other")
    assert suspended.status_code == 403
    assert "suspended" in suspended.json()["detail"]
    incomplete = await said.post("organiser")
    assert incomplete.status_code == 403
    assert "profile" in incomplete.json()["detail"]


async def test_a_revoked_key_is_no_key(said: Talk, database: Database) -> None:
    from app.accounts.actions import revoke_key
    from app.accounts.keys import keys_of

    person = said.made.participant
    assert person.person is not None
    async with database.writing() as session:
        for key in await keys_of(session, person, person.person):
            await revoke_key(session, person, key.id)
    assert (await said.post()).status_code == 401


async def test_a_key_that_may_only_write_sees_what_it_wrote(said: Talk, database: Database) -> None:
    key = await key_for(database, said.made.participant, "write")
    waiting = await said.post(key, topic=BEFORE)
    assert waiting.status_code == 201
    assert waiting.json()["status"] == "pending"
    assert (await said.get(said.at(waiting.json()["id"]), key)).status_code == 404
    tag = waiting.headers["etag"]
    edited = await said.ask("PATCH", said.at(waiting.json()["id"]), key, {"If-Match": tag}, json={"title": "New"})
    assert edited.status_code == 202
    assert edited.json()["title"] == "New"


async def test_a_closed_topic_says_when_it_closed_and_what_remains(said: Talk, database: Database) -> None:
    from datetime import timedelta

    from app.clock import now
    from app.consultations.models import Topic

    async with database.writing() as session:
        await session.execute(update(Topic).where(Topic.slug == AFTER).values(closes=now() - timedelta(days=1)))
    answer = await said.post()
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/closed"
    assert "closed on" in answer.json()["detail"]
    assert (await said.read(f"{said.home}/topics"))["items"][1]["phase"] == "closed"


async def test_a_request_sent_twice_is_done_once(said: Talk) -> None:
    key = {"Idempotency-Key": "my-7"}
    first, second = await said.post(headers=key), await said.post(headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.headers["location"] == second.headers["location"]
    other_text = await said.post(headers=key, title="Another")
    assert other_text.status_code == 422
    assert other_text.json()["errors"][0]["field"] == "Idempotency-Key"
    assert (await said.post("other", headers=key)).status_code == 201
    assert len((await said.read(f"{said.home}/contributions"))["items"]) == 2


async def test_a_request_sent_many_times_at_once_is_done_once(said: Talk) -> None:
    answers = await asyncio.gather(*(said.post(headers={"Idempotency-Key": "k"}) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len((await said.read(f"{said.home}/contributions"))["items"]) == 1


async def test_what_failed_may_be_sent_again_with_its_key(said: Talk) -> None:
    key = {"Idempotency-Key": "k"}
    assert (await said.post(headers=key, title="")).status_code == 422
    assert (await said.post(headers=key)).status_code == 201
    assert (await said.post(headers={"Idempotency-Key": "k" * 256})).status_code == 422


async def test_an_answer_repeated_never_shows_what_was_erased_since(said: Talk) -> None:
    key = {"Idempotency-Key": "k"}
    first = (await said.post(headers=key, body="A secret.")).json()
    assert (await said.ask("DELETE", said.at(first["id"]), "participant", params={"erase": "true"})).status_code == 204
    again = await said.post(headers=key, body="A secret.")
    assert again.status_code in (404, 410)
    assert "secret" not in again.text


async def test_many_at_once_get_numbers_without_gaps(said: Talk) -> None:
    root = await said.posted()
    answers = await asyncio.gather(
        *(said.post(who, parent=root["id"]) for who in ("participant", "other", "moderator") for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json()["number"] for answer in answers) == list(range(2, 26))
    assert (await said.read(said.at(root["id"])))["replies"] == 24


async def test_the_first_texts_of_a_newcomer_may_come_at_once(said: Talk, database: Database) -> None:
    newcomer: Actor = replace(await make_person(database, "Newcomer E"))
    key = await key_for(database, newcomer)
    answers = await asyncio.gather(*(said.post(key) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["author"]["id"] for answer in answers}) == 1


async def test_writing_too_often_is_refused_for_a_while(
    said: Talk, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:  # fmt: skip
    monkeypatch.setattr(limits, "WRITES_PER_MINUTE", 2)
    monkeypatch.setattr(limits, "WRITES_OF_A_PERSON", 3)
    first, refused = await said.post(), await said.post(title="")
    assert (first.status_code, refused.status_code) == (201, 422)
    assert first.headers["ratelimit-policy"] == '"key";q=2;w=60, "person";q=3;w=60'
    assert re.fullmatch(r'"key";r=1;t=\d+, "person";r=2;t=\d+', first.headers["ratelimit"])
    assert refused.headers["ratelimit"].startswith('"key";r=0;t=')
    answer = await said.post()
    assert answer.status_code == 429
    assert '"person";r=0;' in answer.headers["ratelimit"]
    async with database.writing() as session:
        _key, another = await make_key(session, OPERATOR, said.made.participant.person or said.made.id, "k", ["write"])
    assert (await said.post(another)).status_code == 429  # the person's own quota is used up
    assert answer.json()["type"] == "/problems/rate-limited"
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert (await said.post("other")).status_code == 201
    monkeypatch.setenv("PLENARY_RATE_LIMITS", "off")
    settings.cache_clear()
    assert (await said.post()).status_code == 201
