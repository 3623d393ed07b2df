"""Endorsements: counted in public, once for each person, without telling whose they are."""

import asyncio
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
from tests.making import AFTER, BEFORE

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
