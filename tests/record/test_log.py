"""The record: dense numbers under concurrent writers, a closed vocabulary, leaves that anyone can recompute."""

import asyncio
import hashlib
from uuid import UUID

import pytest
import rfc8785
from sqlalchemy import select

from app import record
from app.clock import new_id
from app.database import Database
from app.readings.record.changes import changes
from app.record.kinds import KINDS
from app.record.models import Entry, Record
from tests.making import make, say

pytestmark = pytest.mark.anyio


async def test_a_follower_never_misses_an_entry_of_thirty_two_writers(database: Database, database_url: str) -> None:
    made = await make(database)
    many = Database(database_url, pool=40)
    start = await _size(database, made.id)
    done = asyncio.Event()
    writers, each = 32, 4

    async def write(writer: int) -> None:
        for turn in range(each):
            await say(many, made, title=f"Writer {writer}, text {turn}")
            await asyncio.sleep(0.001 * (writer % 5))

    async def follow() -> list[int]:
        seen: list[int] = []
        while True:
            finished = done.is_set()
            after = seen[-1] if seen else start
            async with database.reading() as connection:
                page = await changes(connection, made.id, "", after, 7)
                rows = await connection.scalars(
                    select(Entry.seq).where(Entry.record_id == made.id, Entry.seq > after).order_by(Entry.seq).limit(7)
                )
                seen_now = list(rows)
                assert len(page.items) == len(seen_now)
            seen += seen_now
            if finished and not seen_now:
                return seen

    follower = asyncio.create_task(follow())
    await asyncio.gather(*(write(writer) for writer in range(writers)))
    done.set()
    seen = await follower
    await many.close()
    assert seen == list(range(start + 1, start + 1 + writers * each))
    async with database.reading() as connection:
        numbers = await connection.scalars(select(Record.size).where(Record.id == made.id))
        assert list(numbers) == [seen[-1]]


async def test_a_rolled_back_act_leaves_no_gap(database: Database) -> None:
    made = await make(database)
    first = (await say(database, made)).number

    async def fail_late() -> None:
        async with database.writing() as session:
            await record.append(session, made.id, "consultation.updated", made.id, changed=["x"])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_late()
    size = await _size(database, made.id)
    assert (await say(database, made)).number == (first or 0) + 1
    assert await _size(database, made.id) == size + 1


async def test_each_leaf_is_the_hash_of_the_public_form(database: Database) -> None:
    made = await make(database)
    await say(database, made)
    async with database.reading() as connection:
        columns = (Entry.seq, Entry.time, Entry.kind, Entry.subject, Entry.payload, Entry.leaf)
        rows = (await connection.execute(select(*columns).order_by(Entry.seq))).all()
    for row in rows:
        form = record.public_form(row.seq, row.time, row.kind, row.subject, row.payload)
        assert row.leaf == hashlib.sha256(b"\0" + rfc8785.dumps(form)).digest()
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))


async def test_the_vocabulary_is_closed(database: Database) -> None:
    made = await make(database)
    for kind, payload in (("contribution.praised", {}), ("contribution.hidden", {"author": new_id()})):
        with pytest.raises(ValueError, match=r"unknown kind|does not carry"):
            async with database.writing() as session:
                await record.append(session, made.id, kind, new_id(), **payload)


def test_public_entries_carry_nothing_about_persons() -> None:
    personal = {"person", "email", "name", "title", "body", "text", "reason", "author", "ip"}
    for name, kind in KINDS.items():
        if kind.log == "public":
            assert kind.fields.isdisjoint(personal), name


async def _size(database: Database, id: UUID) -> int:
    async with database.reading() as connection:
        return int(await connection.scalar(select(Record.size).where(Record.id == id)) or 0)
