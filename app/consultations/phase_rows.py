"""The rows of phases: read, stored, and entered when their time has come. A part of loading and of phase acts."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, record
from app.consultations import schedule
from app.consultations.models import Phase, Topic


@dataclass(frozen=True, slots=True)
class Told:
    """An organiser's act that made a phase begin or end: its entry carries the act and its reason's hash."""

    kind: str
    act: UUID
    hash: bytes
    phase: str = "open"


async def phases_of(session: AsyncSession, consultation: UUID, lock: bool = False) -> list[Phase]:
    """The phases of a consultation, in the order in which they begin."""
    query = select(Phase).where(Phase.consultation_id == consultation).order_by(Phase.starts)
    return list((await session.scalars(query.with_for_update() if lock else query)).all())


def as_schedule(phases: list[Phase]) -> list[schedule.Phase]:
    """The rows as what `schedule` reckons with."""
    ordered = sorted(phases, key=lambda phase: phase.starts)
    return [schedule.Phase(phase.name, phase.starts, phase.note) for phase in ordered]  # type: ignore[arg-type]


async def store_phases(
    session: AsyncSession, consultation: UUID, present: list[Phase], wanted: tuple[schedule.Phase, ...]
) -> bool:
    """Make the rows like `wanted`; returns whether anything differed."""
    by_name = {phase.name: phase for phase in present}
    differs = as_schedule(present) != list(wanted)
    for phase in wanted:
        row = by_name.pop(phase.name, None) or Phase(consultation_id=consultation, name=phase.name)
        if row.entered is not None and phase.starts > clock.now():
            row.entered = None  # it was entered too early: it will be again
        row.starts, row.note = phase.starts, phase.note
        session.add(row)
    for row in by_name.values():
        await session.delete(row)
    await session.flush()
    await record.seal(session, consultation, schedule.start_of(wanted, "archived"))
    return differs


async def enter_due(session: AsyncSession, consultation: UUID, told: Told | None = None) -> None:
    """Tell the record of the phases and topics of one consultation whose time has come."""
    now = clock.now()
    phases = await phases_of(session, consultation, lock=True)
    for before, phase in zip((None, *phases), phases, strict=False):
        if phase.starts > now or phase.entered is not None:
            continue
        phase.entered = now
        at = clock.iso(phase.starts)
        if before is not None:
            await _tell(session, consultation, "phase.closed", told, phase=before.name, at=at)
        await _tell(session, consultation, "phase.opened", told, phase=phase.name, at=at)
    topics = await session.scalars(select(Topic).where(Topic.consultation_id == consultation).order_by(Topic.position))
    for topic in topics.all():
        is_now = schedule.topic_phase(as_schedule(phases), now, topic.opens, topic.closes)
        if is_now != topic.entered:
            if is_now == "open":
                await record.append(session, consultation, "topic.opened", topic.id, topic=topic.slug)
            elif topic.entered == "open":
                await record.append(session, consultation, "topic.closed", topic.id, topic=topic.slug)
            topic.entered = is_now
    await session.flush()


async def _tell(session: AsyncSession, consultation: UUID, kind: str, told: Told | None, **payload: Any) -> None:
    if told is not None and told.kind == kind and payload["phase"] == told.phase:
        await record.append(session, consultation, kind, told.act, hash=told.hash, **payload)
    else:
        await record.append(session, consultation, kind, consultation, **payload)
