"""The founding consultation: loaded by its action once a day, and from then on written as the action left it.

Most tests begin with it, and loading it took a quarter of their time. It comes under new identifiers and as of now each
time: what the application keeps in memory goes by identifiers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, record
from app.consultations.actions import load_definition
from app.consultations.definition import parse
from app.consultations.models import Consultation, GuidingQuestion, Phase, Topic
from app.database import Base
from app.permissions import OPERATOR
from app.record import Draft
from app.record.models import Entry

Rows = tuple[type[Base], Sequence[RowMapping]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the action wrote, and from when to when."""

    began: datetime
    ended: datetime
    rows: Sequence[Rows]  # first those that others refer to
    entries: Sequence[Draft]


_loaded: dict[tuple[Path, date], Loaded] = {}  # by day, since phases begin on a day and tests set the clock


async def put_in(session: AsyncSession, definition: Path) -> UUID:
    """Write the consultation of a definition into a database that does not have it; returns its identifier."""
    key = (definition, clock.now().date())
    if key in _loaded:
        return await _write(session, _loaded[key])
    began, defined = clock.now(), parse(definition.read_text())
    await load_definition(session, OPERATOR, defined)
    id = (await session.scalars(select(Consultation.id).where(Consultation.slug == defined.slug))).one()
    _loaded[key] = Loaded(began, clock.now(), await _rows(session, id), await _entries(session, id))
    return id


async def _rows(session: AsyncSession, id: UUID) -> list[Rows]:
    topics = select(Topic.id).where(Topic.consultation_id == id)
    its: dict[type[Base], ColumnElement[bool]] = {
        Consultation: Consultation.id == id,
        Phase: Phase.consultation_id == id,
        Topic: Topic.consultation_id == id,
        GuidingQuestion: GuidingQuestion.topic_id.in_(topics),
    }
    found = {model: await session.execute(select(model.__table__).where(which)) for model, which in its.items()}
    return [(model, rows.mappings().all()) for model, rows in found.items()]


async def _entries(session: AsyncSession, id: UUID) -> list[Draft]:
    entries = await session.scalars(select(Entry).where(Entry.record_id == id).order_by(Entry.seq))
    return [Draft(each.kind, each.subject, each.payload) for each in entries]


async def _write(session: AsyncSession, loaded: Loaded) -> UUID:
    renewed = {row["id"]: clock.new_id() for _model, rows in loaded.rows for row in rows}
    moment = clock.now()

    def anew(value: Any) -> Any:
        if isinstance(value, datetime) and loaded.began <= value <= loaded.ended:
            return moment
        return renewed.get(value, value) if isinstance(value, UUID) else value

    consultation: UUID = renewed[loaded.rows[0][1][0]["id"]]
    await record.begin(session, consultation)
    for model, rows in loaded.rows:
        await session.execute(insert(model), [{name: anew(value) for name, value in row.items()} for row in rows])
    turn = await record.take_turn(session, "public", consultation, entries=len(loaded.entries))
    await record.write(session, turn, [Draft(each.kind, anew(each.subject), each.payload) for each in loaded.entries])
    return consultation
