"""The map as it is kept up to date: nothing of few, groups that keep their names, and nobody in it who left."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.accounts.actions import erase_account
from app.database import Database
from app.record import commitments
from app.synthesis import forgetting, mapping, refreshing
from app.synthesis.position_models import OpinionMap, OpinionMember, Position
from app.synthesis.refreshing import refresh
from app.worker import catch_up
from tests.making import Made, make
from tests.synthesis.opinions import ask, open_for_comment, people, say_all, stored
from tests.synthesis.outcome import entries

pytestmark = pytest.mark.anyio
UPDATED = "opinion.updated"


@pytest.fixture
async def made(database: Database) -> Made:
    made = await make(database)
    await open_for_comment(database, made, 3)
    await ask(database, made)
    return made


async def later(database: Database, **time: int) -> None:
    """As if the last map had been made so long ago."""
    async with database.writing() as session:
        await session.execute(update(OpinionMap).values(made=OpinionMap.made - timedelta(**time)))
        await session.execute(update(Position).values(changed=Position.changed - timedelta(**time)))


async def labels(database: Database) -> dict[Any, str]:
    async with database.writing() as session:
        rows = await session.execute(select(OpinionMember.person_id, OpinionMember.label))
        return {row.person_id: row.label for row in rows}


async def test_from_nothing_to_a_map_and_back(database: Database, made: Made) -> None:
    await refresh(database)
    assert await stored(database) is None and await entries(database, UPDATED) == []
    those = await people(database, 22)
    await say_all(database, made, those[:9], *["++-"] * 9)
    await refresh(database)
    assert (await stored(database))["state"] == "few" and (await stored(database))["people"] == 5
    await say_all(database, made, those[9:16], *["+-+"] * 7)
    await refresh(database)
    assert (await stored(database))["people"] == 5  # not within ten minutes
    await later(database, minutes=11)
    await refresh(database)
    first = await stored(database)
    assert first["state"] == "groups" and [each["people"] for each in first["groups"]] == [9, 7]
    assert first["common"]["agree"] == [1]
    [_few, told] = await entries(database, UPDATED)
    async with database.writing() as session:
        row = (await session.scalars(select(OpinionMap))).one()
    assert told == {"hash": commitments.commitment(row.salt, first).hex()} and set(told) == {"hash"}
    before = await labels(database)

    await say_all(database, made, those[16:20], *["+-+"] * 4)  # the smaller group is now the larger, and keeps its name
    await later(database, minutes=11)
    await refresh(database)
    assert await stored(database) == first  # fewer than five people: not before a day is over
    await say_all(database, made, those[20:], *["+-+"] * 2)
    await refresh(database)
    found = await stored(database)
    assert [(each["label"], each["people"]) for each in found["groups"]] == [("A", 9), ("B", 13)]
    after = await labels(database)
    assert {person: after[person] for person in before} == before and len(after) == 22

    gone = [each.person for each in those[:8] if each.person]
    async with database.writing() as session:
        for person, actor in zip(gone, those, strict=False):
            await erase_account(session, actor, person)
    await catch_up(database, "http://127.0.0.1:8000")
    async with database.writing() as session:
        left = await session.scalar(select(func.count()).select_from(Position).where(Position.person_id.in_(gone)))
    assert left == 0 and not set(gone) & (await labels(database)).keys()
    await later(database, days=1)
    await refresh(database)
    assert (await stored(database))["people"] == 14 // 5 * 5 and (await stored(database))["totals"] == []
    assert await labels(database) == {}
    size = len(await entries(database, UPDATED))
    await later(database, days=1)
    await refresh(database)
    assert len(await entries(database, UPDATED)) == size


async def test_a_server_without_the_libraries_shows_sums(
    database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapping, "_LIBRARIES", ("no_such_library",))
    await say_all(database, made, await people(database, 15), *["++-"] * 15)
    await refresh(database)
    found = await stored(database)
    assert (found["state"], found["people"], found["common"]) == ("unavailable", 15, {"agree": [1, 2], "disagree": [3]})


async def test_where_the_map_fails_there_are_sums_and_who_asks_for_none_has_none(
    database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapping, "_SECONDS", 0)
    await say_all(database, made, await people(database, 15), *["++-"] * 15)
    await ask(database, made, opinion=False)
    await refresh(database)
    assert await stored(database) is None
    await ask(database, made)
    await refresh(database)
    assert (await stored(database))["state"] == "unavailable"


async def test_who_leaves_while_it_is_computed_is_in_no_group(
    database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    those = await people(database, 16)
    await say_all(database, made, those, *["++-"] * 8, *["--+"] * 8)

    found = refreshing._found

    async def leave(due: Any) -> Any:
        async with database.writing() as session:
            await forgetting.forget_people(session, [each.person for each in those[:2] if each.person])
        return await found(due)

    monkeypatch.setattr(refreshing, "_found", leave)
    await refresh(database)
    members = await labels(database)
    assert len(members) == 14 and not {each.person for each in those[:2]} & members.keys()
