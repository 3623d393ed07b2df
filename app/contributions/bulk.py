"""Import many contributions that came with one call: each is created, there already, or refused with what is wrong.

The rows are those of a file, see `importing.py`: their ids are known again, so the same call twice changes nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.consultations.floor import floors_of
from app.contributions import importing
from app.contributions.arrivals import COLUMNS, Arrival, identifier, rendered
from app.contributions.import_plan import Plan
from app.language import gettext as _
from app.permissions import Actor, Thing, require

MOST = 1_000  # rows of one call


@dataclass(frozen=True, slots=True)
class Rows:
    """What somebody hands over: rows, and what holds for those that do not say it themselves."""

    rows: Sequence[Mapping[str, Any]]
    source: str
    language: str
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row. `contribution` and `number` are None where it was refused; then `faults` says why."""

    id: str | None
    state: str  # created, unchanged, refused
    contribution: UUID | None = None
    number: int | None = None
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned:
    """Rows whose ids are known: which are new, and in which order they come."""

    given: Rows
    plan: Plan
    ids: Sequence[str | None]
    faults: dict[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Rows that were looked at: the id of each, what can be taken, what is wrong with the others (by their place)."""

    ids: Sequence[str | None]
    arrivals: Sequence[Arrival]
    faults: Mapping[int, Mapping[str, str]]


async def planned(session: AsyncSession, actor: Actor, consultation: UUID, given: Rows) -> Planned:
    """Look up what the rows refer to, and which were imported before. Raises Forbidden, Invalid."""
    require(actor, "consultation.import", Thing(consultation))
    floors = await floors_of(session, consultation)
    topics = {floor.topic_slug for floor in floors.values()}
    if given.topic is not None and given.topic not in topics:
        raise errors.Invalid(
            {"topic": _("There is no such topic here. There are: %(topics)s.", topics=", ".join(sorted(topics)))}
        )
    plan = Plan(topics, given.topic, frozenset().union(*(floor.questions for floor in floors.values())))
    ids, faults = _planned(given.rows, plan)
    await importing.know_present(session, consultation, plan)
    return Planned(given, plan, ids, faults)


async def prepared(rows: Planned) -> Prepared:
    """Check and render the rows: what takes long, between the transactions, in a thread, so that others go on."""
    arrivals = await asyncio.to_thread(_checked, rows.plan, rows.given, rows.faults)
    return Prepared(rows.ids, arrivals, rows.faults)


async def take_in_many(session: AsyncSession, actor: Actor, consultation: UUID, rows: Prepared) -> Sequence[Result]:
    """Publish what can be taken, all in this transaction. Returns one result for each row, in their order.

    Raises Conflict where a parent is gone that was there when the rows were prepared.
    """
    require(actor, "consultation.import", Thing(consultation))
    new = await importing.new_among(session, consultation, [each.id for each in rows.arrivals])
    if rows.arrivals:
        await importing.take_in(session, actor, consultation, rows.arrivals)
    return await results(session, consultation, rows, new)


async def results(
    session: AsyncSession, consultation: UUID, rows: Prepared, new: frozenset[str] = frozenset()
) -> Sequence[Result]:
    """What became of each row, where the ids in `new` were created just now."""
    known = await importing.places(session, consultation, [id for id in rows.ids if id])
    found = []
    for place, id in enumerate(rows.ids):
        if faults := rows.faults.get(place):
            found.append(Result(id, "refused", faults=faults))
        elif id is not None:
            there = known[id]
            found.append(Result(id, "created" if id in new else "unchanged", there.id, there.number))
    return found


def _planned(rows: Sequence[Mapping[str, Any]], plan: Plan) -> tuple[list[str | None], dict[int, Mapping[str, str]]]:
    """The ids of the rows, entered into the plan; a row's line there is its place and one."""
    ids: list[str | None] = []
    faults: dict[int, Mapping[str, str]] = {}
    for place, row in enumerate(rows):
        named, wrong = _named(row)
        if named["id"] is None and "id" not in wrong:
            wrong["id"] = _("This is missing, and without it a second call could not know this item again.")
        if named["id"] is not None and not wrong:
            earlier = plan.add(named["id"], named["parent_id"], named["topic_id"], place + 1, place)
            if earlier:
                wrong["id"] = _("Item %(n)s has this id already.", n=earlier - 1)
        ids.append(named["id"])
        if wrong:
            faults[place] = wrong
    return ids, faults


def _named(row: Mapping[str, Any]) -> tuple[dict[str, str | None], dict[str, str]]:
    named: dict[str, str | None] = {}
    wrong = {name[:100]: _("There is no such field here.") for name in row if name not in COLUMNS}
    for name in ("id", "parent_id", "topic_id"):
        try:
            named[name] = identifier(row.get(name))
        except ValueError as fault:
            named[name], wrong[name] = None, str(fault)
    return named, wrong


def _checked(plan: Plan, given: Rows, faults: dict[int, Mapping[str, str]]) -> list[Arrival]:
    """What can be taken, with its HTML; `faults` gets what is wrong with the others."""
    taken = []
    for row, found in importing.looked_at(plan, lambda row: given.rows[row.offset], given.language, given.source):
        if isinstance(found, Arrival):
            taken.append(found)
        else:
            faults[row.offset] = found
    html = rendered([each.given.body for each in taken])
    return [replace(each, html=text) for each, text in zip(taken, html, strict=True)]
