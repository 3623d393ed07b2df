"""Positions: one for each person and recommendation, changed and taken back while it is open, and told to nobody."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app import errors
from app.consultations.definition import PhaseStart
from app.database import Database
from app.permissions import ANYONE, Actor
from app.record.models import Entry
from app.synthesis import actions, forgetting, positions
from app.synthesis.position_models import Position
from tests.making import Made, make
from tests.synthesis.opinions import ask, open_for_comment, take
from tests.synthesis.outcome import publish

pytestmark = pytest.mark.anyio


async def held(database: Database) -> list[tuple[int, int]]:
    """Value and version of each position."""
    async with database.writing() as session:
        rows = await session.execute(select(Position.value, Position.version).order_by(Position.id))
        return [(row.value, row.version) for row in rows]


async def told(database: Database) -> list[tuple[str, dict[str, Any], bool]]:
    """What the logs say of positions."""
    query = select(Entry.kind, Entry.payload, Entry.public).where(Entry.kind.startswith("position."))
    async with database.writing() as session:
        return [(row.kind, row.payload, row.public) for row in await session.execute(query.order_by(Entry.seq))]


async def take_back(database: Database, actor: Actor, made: Made, number: int) -> None:
    async with database.writing() as session:
        await positions.take_back(session, actor, made.id, number)


async def test_a_position_is_taken_changed_and_taken_back(database: Database) -> None:
    made = await make(database)
    [id] = await open_for_comment(database, made)
    await ask(database, made)
    for value in ("agree", "agree", "disagree", "pass"):
        await take(database, made.participant, made, 1, value)
    assert await held(database) == [(0, 1)]
    await take(database, made.other, made, 1, "agree")
    await take_back(database, made.participant, made, 1)
    await take_back(database, made.participant, made, 1)
    assert await held(database) == [(1, 1)]
    one, two = ({"recommendation": str(id), "person": str(who.person)} for who in (made.participant, made.other))
    taken = [("position.taken", one, False)] * 3  # of the four, one changed nothing; and no entry has a value
    assert await told(database) == [*taken, ("position.taken", two, False), ("position.taken_back", one, False)]

    async with database.writing() as session:
        await actions.revise(session, made.organiser, id)
    await publish(database, made.organiser, id, "open")
    await take(database, made.other, made, 1, "agree")
    assert await held(database) == [(1, 2)]
    async with database.writing() as session:
        await forgetting.remove_outcome(session, made.id)
    assert await held(database) == []


async def test_it_is_refused_where_nobody_asks_and_where_it_is_over(database: Database) -> None:
    made = await make(database)
    final, _still_open = await open_for_comment(database, made, 2)
    for number in (1, 3, 0, -1, 2**40):
        with pytest.raises(errors.NotFound, match="no such recommendation"):
            await take(database, made.participant, made, number, "agree")
    await ask(database, made)
    with pytest.raises(errors.NotFound):
        await take(database, made.participant, made, 3, "agree")
    with pytest.raises(errors.Invalid) as refused:
        await take(database, made.participant, made, 1, "\x00")
    assert set(refused.value.fields) == {"value"}
    await take(database, made.participant, made, 1, "agree")
    async with database.writing() as session:
        await actions.revise(session, made.organiser, final)
    await publish(database, made.organiser, final, "final")
    with pytest.raises(errors.Closed, match="not open for comment"):
        await take(database, made.participant, made, 1, "pass")
    with pytest.raises(errors.Closed):
        await take_back(database, made.participant, made, 1)
    days = {"announced": date(2016, 7, 19), "open": date(2016, 7, 26), "closed": date(2016, 9, 16)}
    phases = [PhaseStart.model_validate({"name": name, "starts": day}) for name, day in days.items()]
    await ask(database, made, phases=tuple(phases))
    with pytest.raises(errors.Closed, match="takes no positions now"):
        await take(database, made.participant, made, 2, "agree")
    await ask(database, made, opinion=False)
    with pytest.raises(errors.NotFound):
        await take_back(database, made.participant, made, 1)
    assert await held(database) == [(1, 1)]


async def test_only_participants_take_positions(database: Database) -> None:
    made = await make(database)
    await open_for_comment(database, made)
    await ask(database, made)
    suspended = Actor(person=made.other.person, complete=True, suspended=frozenset({made.id}))
    reading = Actor(person=made.other.person, complete=True, scopes=frozenset({"read"}))
    for actor, refusal in (
        (ANYONE, errors.Unauthenticated), (suspended, errors.Forbidden), (reading, errors.Forbidden),
        (Actor(person=made.other.person), errors.Forbidden),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await take(database, actor, made, 1, "agree")
        with pytest.raises(refusal):
            await take_back(database, actor, made, 1)
    assert await held(database) == []
