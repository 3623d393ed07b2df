"""The opinion maps kept up to date: the worker asks every minute, and most of the time there is nothing to do.

A map is made anew ten minutes after the last one at the earliest: once five people have positions that are not in it,
or after a day. So who compares two maps does not see what a single person did. What a map says is stored with the entry
that commits to it; who is in which group is kept for the next one only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, record
from app.consultations import asking
from app.database import Database
from app.record import commitments
from app.synthesis import mapping, summing
from app.synthesis.mapping import Positions
from app.synthesis.models import Recommendation
from app.synthesis.position_models import OpinionMap, OpinionMember, Position

EVERY, AT_THE_LATEST = timedelta(minutes=10), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Due:
    """A consultation whose map is to be made anew: of what, by whom, and what was made before."""

    consultation: UUID
    at: datetime
    made_of: str
    people: Sequence[UUID]
    positions: Positions
    earlier: dict[str, Any] | None


async def refresh(database: Database) -> None:
    """Make the maps anew that have to be. Each is one transaction; while it is computed, none is open."""
    async with database.writing() as session:
        asked = await asking.all_that_ask(session)
    for consultation in asked:
        async with database.writing() as session:
            due = await _due(session, consultation)
        if due is None:
            continue
        found, labels = await _found(due)
        async with database.writing() as session:
            await _store(session, due, found, labels)


async def _due(session: AsyncSession, consultation: UUID) -> _Due | None:
    """The positions of a consultation, where its map has to be made anew."""
    now = clock.now()
    count, latest = (await session.execute(_of(consultation, func.count(), func.max(Position.changed)))).one()
    last = await session.get(OpinionMap, consultation, populate_existing=True)
    made_of = f"{count} {clock.iso(latest)}"
    if made_of == last.made_of if last else not count:
        return None
    if last is not None and now - last.made < EVERY:
        return None
    if last is not None and last.found["state"] != "few" and now - last.made < AT_THE_LATEST:
        others = _of(consultation, func.count(Position.person_id.distinct())).where(Position.changed > last.made)
        if int(await session.scalar(others) or 0) < summing.SMALLEST:
            return None
    rows = (
        await session.execute(_of(consultation, Position.person_id, Recommendation.number, Position.value))
    ).all()  # fmt: skip
    members = await session.execute(
        select(OpinionMember.person_id, OpinionMember.label).where(OpinionMember.consultation_id == consultation)
    )
    people, positions = _table(rows, {row.person_id: row.label for row in members})
    return _Due(consultation, now, made_of, people, positions, last.found if last else None)


def _of(consultation: UUID, *columns: Any) -> Any:
    its = select(*columns).select_from(Position).join(Recommendation, Recommendation.id == Position.recommendation_id)
    return its.where(Recommendation.consultation_id == consultation)


def _table(rows: Sequence[Any], earlier: dict[UUID, str]) -> tuple[list[UUID], Positions]:
    """People by recommendations."""
    people, numbers = sorted({row.person_id for row in rows}), sorted({row.number for row in rows})
    at, of = {person: place for place, person in enumerate(people)}, {number: at for at, number in enumerate(numbers)}
    cells: list[list[int | None]] = [[None] * len(numbers) for _person in people]
    for person, number, value in rows:
        cells[at[person]][of[number]] = value
    return people, Positions(numbers, cells, [earlier.get(person) for person in people])


async def _found(due: _Due) -> tuple[dict[str, Any], Sequence[str | None]]:
    """What the public reads, and the label of each person's group."""
    nobody: list[str | None] = [None] * len(due.people)
    if len(due.people) < summing.FEWEST:
        return summing.too_few(len(due.people)), nobody
    columns = summing.known_enough(due.positions)
    known = Positions(
        [due.positions.statements[at] for at in columns],
        [[row[at] for at in columns] for row in due.positions.cells], due.positions.earlier,
    )  # fmt: skip
    if not mapping.is_installed():
        return summing.summed(known, "unavailable"), nobody
    if not columns:
        return summing.summed(known, "totals"), nobody
    mapped = await mapping.mapped(known, summing.SMALLEST)
    if mapped is None:
        return summing.summed(known, "unavailable"), nobody
    found = summing.grouped(known, mapped, due.earlier)
    return (found, mapped.labels) if found else (summing.summed(known, "totals"), nobody)


async def _store(session: AsyncSession, due: _Due, found: dict[str, Any], labels: Sequence[str | None]) -> None:
    """Keep the map, and tell the record where it says something else than before."""
    await _keep_members(session, due, labels)
    stored = await session.get(OpinionMap, due.consultation, with_for_update=True, populate_existing=True)
    if stored is not None and stored.found == found:
        stored.made, stored.made_of = due.at, due.made_of
        await session.flush()
        return
    salt = commitments.fresh_salt()
    if stored is None:
        stored = OpinionMap(consultation_id=due.consultation, seq=0)
        session.add(stored)
    stored.made, stored.made_of, stored.found = due.at, due.made_of, found
    stored.salt, stored.hash = salt, commitments.commitment(salt, found)
    await session.flush()
    seq = await record.append(session, due.consultation, "opinion.updated", due.consultation, hash=stored.hash)
    its = update(OpinionMap).where(OpinionMap.consultation_id == due.consultation)
    await session.execute(its.values(seq=seq).execution_options(synchronize_session=False))


async def _keep_members(session: AsyncSession, due: _Due, labels: Sequence[str | None]) -> None:
    """Who is in which group, of those who have not left meanwhile."""
    await session.execute(delete(OpinionMember).where(OpinionMember.consultation_id == due.consultation))
    there = set(await session.scalars(_of(due.consultation, Position.person_id).distinct()))
    rows = [
        {"consultation_id": due.consultation, "person_id": person, "label": label}
        for person, label in zip(due.people, labels, strict=True)
        if label is not None and person in there
    ]
    if rows:
        await session.execute(insert(OpinionMember), rows)
