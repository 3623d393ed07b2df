"""Claims: one moderator at a time, for a quarter of an hour; organisers can free an item; a decision ends it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock, errors, record
from app.contributions.models import Contribution
from app.database import Database
from app.moderation import claims
from app.moderation.models import Claim
from app.permissions import ANYONE, Actor
from app.record.models import Entry
from tests.making import BEFORE, Made, decide, make, make_person, say

pytestmark = pytest.mark.anyio


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


async def _second(database: Database, made: Made) -> Actor:
    return await make_person(database, "Moderator E", consultation=made.id, role="moderator")


async def _kinds(database: Database, made: Made) -> list[str]:
    async with database.writing() as session:
        query = select(Entry.kind).where(Entry.record_id == record.log_id("staff", made.id)).order_by(Entry.seq)
        return list(await session.scalars(query))


async def _claim(database: Database, actor: Actor, text: Contribution) -> Claim:
    async with database.writing() as session:
        return await claims.claim(session, actor, text.id)


async def _release(database: Database, actor: Actor, text: Contribution) -> None:
    async with database.writing() as session:
        await claims.release(session, actor, text.id)


async def _lapse(database: Database) -> None:
    async with database.writing() as session:
        await session.execute(update(Claim).values(until=clock.now() - timedelta(seconds=1)))


async def test_one_has_it_in_hand_and_others_are_told_who(database: Database, made: Made) -> None:
    text, second = await say(database, made, topic=BEFORE), await _second(database, made)
    held = await _claim(database, made.moderator, text)
    assert timedelta(minutes=14) < held.until - clock.now() <= timedelta(minutes=15)
    await _claim(database, made.moderator, text)  # for longer
    for actor in (second, made.organiser):
        with pytest.raises(errors.Conflict, match="Moderator C has this in hand until"):
            await _claim(database, actor, text)
    with pytest.raises(errors.Forbidden):
        await _release(database, second, text)
    await _release(database, made.organiser, text)
    await _claim(database, second, text)
    assert (await _kinds(database, made))[-4:] == ["text.claimed", "text.claimed", "text.released", "text.claimed"]


async def test_a_claim_lapses_and_says_so(database: Database, made: Made) -> None:
    text, second = await say(database, made, topic=BEFORE), await _second(database, made)
    await _claim(database, made.moderator, text)
    await _lapse(database)
    with pytest.raises(errors.Conflict, match="it is free again"):
        await _release(database, made.moderator, text)
    async with database.writing() as session:
        await claims.require_not_taken(session, made.moderator, text.id)
    await _claim(database, second, text)
    async with database.writing() as session:
        with pytest.raises(errors.Conflict, match=r"Your claim lapsed meanwhile\. Moderator E has this in hand"):
            await claims.require_not_taken(session, made.moderator, text.id)


async def test_a_decision_ends_a_claim(database: Database, made: Made) -> None:
    text = await say(database, made)
    await _claim(database, made.moderator, text)
    await decide(database, made, "hide", text.id)
    async with database.writing() as session:
        assert await session.get(Claim, text.id) is None
    with pytest.raises(errors.Conflict, match="Nobody has this in hand"):
        await _release(database, made.moderator, text)


async def test_who_may_not(database: Database, made: Made) -> None:
    text = await say(database, made)
    for actor, error in ((made.participant, errors.Forbidden), (ANYONE, errors.Unauthenticated)):
        with pytest.raises(error):
            await _claim(database, actor, text)
        with pytest.raises(error):
            await _release(database, actor, text)
