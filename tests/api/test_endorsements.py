"""Endorsements: counted in public, once for each person, without telling whose they are."""

import asyncio
import csv
import io
from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import select, update

from app.accounts.actions import erase_account
from app.clock import now
from app.consultations.models import Topic
from app.database import Database
from app.endorsements.models import Endorsement
from app.moderation import erasing
from tests.api.talk import Talk
from tests.making import AFTER, BEFORE, speak_for

pytestmark = pytest.mark.anyio


async def endorse(said: Talk, id: Any, who: str | None, method: str = "PUT") -> int:
    return (await said.ask(method, said.at(id, "/endorsement"), who)).status_code


async def test_support_is_counted_once_for_each_person_and_taken_back(said: Talk) -> None:
    one, two = await said.posted(), await said.posted()
    for who in ("other", "other", "moderator"):
        assert await endorse(said, one["id"], who) == 204
    shown = await said.read(said.at(one["id"]))
    assert shown["endorsements"] == 2
    listed = (await said.read(f"{said.home}/contributions", sort="endorsements"))["items"]
    assert [each["id"] for each in listed] == [one["id"], two["id"]]
    page = await said.read(f"{said.home}/changes", after=one["seq"] + 1)
    assert [entry["kind"] for entry in page["items"]] == ["endorsement.given"] * 2
    entry = page["items"][-1]
    assert (entry["subject"], entry["contribution"]) == (one["id"], None)
    assert entry["related"] == [shown] and entry["seq"] == shown["seq"]
    for actor in (said.made.other, said.made.moderator):
        assert str(actor.person) not in orjson.dumps(page).decode()
    for _twice in range(2):
        assert await endorse(said, one["id"], "other", "DELETE") == 204
    after = await said.read(f"{said.home}/changes", after=entry["seq"])
    assert [each["kind"] for each in after["items"]] == ["endorsement.taken_back"]
    assert (await said.read(said.at(one["id"])))["endorsements"] == 1
    await asyncio.gather(*(endorse(said, two["id"], who) for who in ("other", "moderator", "organiser") * 3))
    assert (await said.read(said.at(two["id"])))["endorsements"] == 3


async def test_what_cannot_be_endorsed(said: Talk, database: Database) -> None:
    own, waiting, hidden = await said.posted(), await said.posted(topic=BEFORE), await said.posted()
    assert await endorse(said, own["id"], "participant") == 403
    assert await endorse(said, own["id"], None) == 401
    assert await endorse(said, waiting["id"], "other") == 404
    assert await endorse(said, waiting["id"], "moderator") == 409
    assert await endorse(said, hidden["id"], "other") == 204
    await said.decide(hidden["id"], "hide")
    assert await endorse(said, hidden["id"], "moderator") == 409
    await said.decide(hidden["id"], "restore")
    assert (await said.read(said.at(hidden["id"])))["endorsements"] == 1
    async with database.writing() as session:
        await session.execute(update(Topic).where(Topic.slug == AFTER).values(closes=now() - timedelta(days=1)))
    assert await endorse(said, own["id"], "other") == 409
    assert await endorse(said, hidden["id"], "other", "DELETE") == 204


async def test_it_goes_with_the_text_and_stays_without_a_name(said: Talk, database: Database) -> None:
    gone, kept = await said.posted(), await said.posted()
    for text in (gone, kept):
        assert await endorse(said, text["id"], "other") == 204
    other = said.made.other
    assert other.person is not None
    async with database.writing() as session:
        await erasing.erase(session, said.made.participant, gone["id"])
        await erasing.keep_all_anonymous(session, other, other.person)
        await erase_account(session, other, other.person)
        rows = (await session.execute(select(Endorsement.contribution_id, Endorsement.person_id))).all()
    assert [(str(id), person) for id, person in rows] == [(kept["id"], None)]
    assert (await said.read(said.at(kept["id"])))["endorsements"] == 1


async def test_for_an_organisation_with_a_confirmed_mandate(said: Talk, database: Database) -> None:
    one = await said.posted()
    where, named = said.at(one["id"], "/endorsement"), {"capacity": "organisation"}
    assert (await said.ask("PUT", where, "other", json=named)).status_code == 422  # speaks for none
    for who in ("other", "moderator"):
        await speak_for(database, getattr(said.made, who), "Sample union")
    assert (await said.ask("PUT", where, "other", json=named)).status_code == 204
    taken = await said.ask("PUT", where, "moderator", json=named)
    assert taken.status_code == 409 and "Sample union has endorsed it already" in taken.json()["detail"]
    assert (await said.ask("PUT", where, "moderator", json={})).status_code == 204
    shown = await said.read(said.at(one["id"]))
    [union] = shown["endorsing_organisations"]
    assert (shown["endorsements"], union["name"], union["kind"], union["country"]) == (2, "Sample union", "union", "ES")
    told = await said.read(said.at(one["id"], "/endorsements"))
    assert told == {"people": 2, "personal": 1, "organisations": [union]}
    page = await said.read(f"{said.home}/changes", after=one["seq"])
    assert [each.get("organisation") for each in page["items"]] == [union["id"], None]
    assert page["items"][-1]["related"] == [shown]
    assert "Sample union" not in str([{**each, "related": None} for each in page["items"]])
    back = await said.ask("DELETE", where, "moderator", params=named)  # a colleague of who gave it
    assert back.status_code == 204
    told = await said.read(said.at(one["id"], "/endorsements"))
    assert told == {"people": 2, "personal": 2, "organisations": []}


async def test_what_is_refused_of_a_capacity(said: Talk, database: Database) -> None:
    one, other = await said.posted(), await said.posted("other")
    where = said.at(one["id"], "/endorsement")
    for given, status in (
        ('{"capacity":"emperor"}', 422),
        ('{"capacity":1}', 422),
        ('{"as":"personal"}', 422),
        ("[]", 400),
    ):
        assert (await said.ask("PUT", where, "other", content=given)).status_code == status
    assert (await said.ask("DELETE", where, "other", params={"capacity": "personal"})).status_code == 422
    claimed = await said.ask(
        "PUT", said.at(other["id"], "/endorsement"), "participant", json={"capacity": "organisation"}
    )
    assert claimed.status_code == 403 and "not confirmed" in claimed.json()["detail"]
    await speak_for(database, said.made.other, "Sample network")
    own = await said.ask("PUT", where, "other", json={"capacity": "organisation"})
    assert own.status_code == 403 and "own text" in own.json()["detail"]
    assert (await said.read(said.at(one["id"])))["endorsements"] == 0


async def test_who_endorses_is_read_where_the_text_is(said: Talk) -> None:
    one, waiting = await said.posted(), await said.posted(topic=BEFORE)
    answer = await said.get(said.at(one["id"], "/endorsements"))
    assert answer.json() == {"people": 0, "personal": 0, "organisations": []}
    known = {"If-None-Match": answer.headers["etag"]}
    assert (await said.ask("GET", said.at(one["id"], "/endorsements"), None, known)).status_code == 304
    assert (await said.get(said.at(waiting["id"], "/endorsements"))).status_code == 404
    await said.decide(one["id"], "hide")
    assert (await said.get(said.at(one["id"], "/endorsements"))).status_code == 410


async def test_tables_name_the_organisations(said: Talk, database: Database) -> None:
    one = await said.posted()
    await speak_for(database, said.made.other, "=Sample union")
    where = said.at(one["id"], "/endorsement")
    assert (await said.ask("PUT", where, "other", json={"capacity": "organisation"})).status_code == 204
    [row] = csv.DictReader(io.StringIO((await said.get(f"{said.home}/export.csv")).text))
    assert (row["endorsements"], row["endorsing_organisations"]) == ("1", "'=Sample union")
