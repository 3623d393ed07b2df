"""At the same moment: acts that want the same rows wait in one order, so that none of them is in vain."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest
from sqlalchemy import select, text

from app import errors, record
from app.accounts.actions import erase_account
from app.consultations.floor import floor_of
from app.contributions import importing, rearranging, writing
from app.contributions.models import Contribution, Revision
from app.database import Database
from app.moderation import erasing, flags
from app.moderation.deciding import Options
from app.moderation.models import Flag
from app.permissions import OPERATOR
from tests.contributions.arriving import row, taken
from tests.contributions.offering import offer
from tests.contributions.stored import document, stored
from tests.contributions.test_importing import imported, texts
from tests.making import BEFORE, Made, curate, make, say

pytestmark = pytest.mark.anyio


async def once_it_waits(database: Database, act: Awaitable[Any], so_many: int = 1) -> "asyncio.Future[Any]":
    """Begin something that comes to wait for a lock, as the last of so many, and return when it does."""
    task = asyncio.ensure_future(act)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(20), database.at_once() as connection:
        while not task.done() and await connection.scalar(text(waiting)) < so_many:
            await asyncio.sleep(0.01)
    return task


async def take_in(database: Database, made: Made, rows: list[dict[str, str]], present: list[tuple[str, str]]) -> int:
    arrivals, _refused = taken(rows, present=present)
    async with database.writing() as session:
        return await importing.take_in(session, OPERATOR, made.id, arrivals)


async def test_what_is_imported_beneath_a_text_that_is_being_moved_goes_along(
    database: Database,
) -> None:
    made = await make(database)
    await imported(database, made, [row("root")])
    async with database.writing() as session:
        [root] = (await session.scalars(select(Contribution).where(Contribution.external_id == "root"))).all()
        branch = await rearranging.branch(session, root)
        importing_ = await once_it_waits(database, take_in(database, made, [row("reply", "root")], [("root", "root")]))
        there = await floor_of(session, consultation=made.id, slug=BEFORE)
        await rearranging.move(session, branch, there, None, root.id)
    assert await importing_ == 1
    found = await texts(database, made)
    assert {name: (each["topic"], each["thread"]) for name, each in found.items()} == dict.fromkeys(
        ("root", "reply"), (BEFORE, str(root.id))
    )


@pytest.mark.parametrize("leave", [erasing.erase_all_by, erasing.keep_all_anonymous])
async def test_who_leaves_and_who_decides_take_their_turns_in_one_order(database: Database, leave: Any) -> None:
    made = await make(database)
    person, waits = made.participant.person, await say(database, made, topic=BEFORE)
    public = await say(database, made)

    async def close_account() -> None:
        async with database.writing() as session:
            await leave(session, made.participant, person)

    async with database.writing() as session:  # as a decision does
        await record.append(session, made.id, "decision.made", waits.id)
        leaving = await once_it_waits(database, close_account())
        await record.append(session, made.id, "author.told", waits.id)
    await leaving
    assert (await stored(database, waits.id)).status == "erased"
    assert "Participant A" not in str(await document(database, public.id))


async def test_a_merge_waits_for_those_it_moves_before_it_takes_its_turn(database: Database) -> None:
    made = await make(database)
    one, two = await say(database, made), await say(database, made)
    reply = await say(database, made, parent=one.id)
    async with database.writing() as session:  # as whoever acts on the reply does
        await writing.locked(session, reply.id)
        merging = await once_it_waits(database, curate(database, made, "merge", one.id, Options(into=2)))
        await record.append(session, made.id, "decision.made", reply.id)
    await merging
    assert (await stored(database, reply.id)).parent_id == two.id


@pytest.mark.parametrize("leave", [erasing.erase_all_by, erasing.keep_all_anonymous])
@pytest.mark.parametrize("what", ["text", "translation"])
async def test_who_leaves_leaves_nothing_that_they_were_sending(database: Database, leave: Any, what: str) -> None:
    made = await make(database)
    person = made.participant.person
    assert person is not None
    await say(database, made)
    others = await say(database, made, actor=made.other)

    async def close_account() -> None:
        async with database.writing() as session:
            await leave(session, made.participant, person)
            await erase_account(session, made.participant, person)

    send = say(database, made) if what == "text" else offer(database, made, others.id, made.participant)
    async with database.writing() as session:  # whoever decides keeps both waiting
        await record.append(session, made.id, "decision.made", made.id)
        leaving = await once_it_waits(database, close_account())
        sending = await once_it_waits(database, send, so_many=2)
    await leaving
    with pytest.raises(errors.NotFound):
        await sending
    async with database.writing() as session:
        assert "Participant A" not in set(await session.scalars(select(Revision.author_name)))


@pytest.mark.parametrize("leave", [erasing.erase_all_by, erasing.keep_all_anonymous])
async def test_who_leaves_waits_for_no_text_that_they_only_reported(database: Database, leave: Any) -> None:
    made = await make(database)
    await say(database, made)
    text = await say(database, made, actor=made.other)
    async with database.writing() as session:
        await flags.flag(session, made.participant, text.id, None, "Look at this.")

    async def close_account() -> None:
        async with database.writing() as session:
            await leave(session, made.participant, made.participant.person)

    async with database.writing() as session:  # as who moves that text does
        await rearranging.branch(session, (await writing.locked(session, text.id))[0])
        leaving = await once_it_waits(database, close_account())
        await record.append(session, made.id, "decision.made", text.id)
    await leaving
    async with database.writing() as session:
        left = (await session.scalars(select(Flag))).one()
        assert (left.note, left.person_id) == (None, None)
