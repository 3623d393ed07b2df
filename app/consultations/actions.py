"""Set a consultation up, change it, extend it; enter phases when their time has come."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record, text
from app.consultations import schedule
from app.consultations.definition import Definition, Screening
from app.consultations.models import Consultation, Extension, Phase, ScreeningPolicy, Topic
from app.consultations.topics import update_topics
from app.permissions import Actor, Thing, require
from app.record import commitments

REASON_LIMIT = 1_000
_RENDERED = ("purpose", "background", "expected_outcome", "how_input_is_used")


async def load_definition(session: AsyncSession, actor: Actor, definition: Definition) -> list[str]:
    """Create the consultation of this slug, or update it. Returns what changed, a sentence each.

    Nothing that has contributions is deleted: what the file no longer names stays, and the report says so.
    """
    consultation = await _for_update(session, definition.slug)
    require(actor, "consultation.define", Thing(consultation.id if consultation else None))
    report = []
    if consultation is None:
        consultation = Consultation(slug=definition.slug, definition={})
        report.append(f"{definition.slug}: created")
        await record.begin(session, _identified(consultation))
    changed = _apply(consultation, definition)
    session.add(consultation)
    await session.flush()
    changed += await _update_phases(session, consultation.id, definition)
    changed += await _update_screening(session, consultation.id, definition)
    if changed:
        consultation.updated = clock.now()
        await record.append(session, consultation.id, "consultation.updated", consultation.id, changed=changed)
        report += [
            f"{definition.slug}: {field} set" if len(report) else f"{definition.slug}: {field} changed"
            for field in changed
        ]
    report += await update_topics(session, consultation.id, definition)
    await enter_due_phases(session, consultation.id)
    return report


async def extend(
    session: AsyncSession, actor: Actor, consultation_id: UUID, closes: datetime, reason: str
) -> Extension:
    """Let contributions be taken until a later moment, with a reason for everyone to read. Raises Invalid, Conflict."""
    require(actor, "consultation.extend", Thing(consultation_id))
    consultation = await session.get(Consultation, consultation_id, with_for_update={"key_share": True})
    if consultation is None:
        raise errors.NotFound("There is no such consultation.")
    try:
        reason = text.paragraphs(reason)
    except ValueError as fault:
        raise errors.Invalid({"reason": f"This {fault}."}) from None
    if not reason or len(reason) > REASON_LIMIT:
        raise errors.Invalid(
            {"reason": f"Please say why, in at most {REASON_LIMIT:,} characters: everyone can read it."}
        )
    phases = await _phases(session, consultation_id)
    before = schedule.closing(_as_schedule(phases))
    if before is None:
        raise errors.Conflict("This consultation has no closing date; there is nothing to extend.")
    if closes <= before or closes <= clock.now():
        raise errors.Invalid({"closes": "The new closing date must be later than the old one, and not in the past."})
    try:
        await _store_phases(session, consultation_id, phases, schedule.with_closing(_as_schedule(phases), closes))
    except ValueError as fault:
        raise errors.Invalid({"closes": f"Sorry, {fault}."}) from None
    salt = commitments.fresh_salt()
    extension = Extension(
        id=clock.new_id(),
        consultation_id=consultation_id,
        closed_before=before,
        closes=closes,
        reason=reason,
        salt=salt,
    )
    session.add(extension)
    await session.flush()
    content = {"closes": clock.iso(closes), "reason": reason}
    await record.append(
        session, consultation_id, "phase.extended", extension.id,
        closes=clock.iso(closes), hash=commitments.commitment(salt, content),
    )  # fmt: skip
    await enter_due_phases(session, consultation_id)
    return extension


async def enter_due_phases(session: AsyncSession, consultation_id: UUID | None = None) -> None:
    """Tell the record of phases and topics whose time has come. The worker calls this; dates need no actor."""
    query = select(Consultation.id)
    if consultation_id is not None:
        query = query.where(Consultation.id == consultation_id)
    for each in (await session.scalars(query.order_by(Consultation.id))).all():
        await _enter_due(session, each)


async def _enter_due(session: AsyncSession, consultation: UUID) -> None:
    now = clock.now()
    phases = await _phases(session, consultation, lock=True)
    for before, phase in zip((None, *phases), phases, strict=False):
        if phase.starts > now or phase.entered is not None:
            continue
        phase.entered = now
        at = clock.iso(phase.starts)
        if before is not None:
            await record.append(session, consultation, "phase.closed", consultation, phase=before.name, at=at)
        await record.append(session, consultation, "phase.opened", consultation, phase=phase.name, at=at)
    topics = await session.scalars(select(Topic).where(Topic.consultation_id == consultation).order_by(Topic.position))
    for topic in topics.all():
        is_now = schedule.topic_phase(_as_schedule(phases), now, topic.opens, topic.closes)
        if is_now != topic.entered:
            if is_now == "open":
                await record.append(session, consultation, "topic.opened", topic.id, topic=topic.slug)
            elif topic.entered == "open":
                await record.append(session, consultation, "topic.closed", topic.id, topic=topic.slug)
            topic.entered = is_now
    await session.flush()


async def _for_update(session: AsyncSession, slug: str) -> Consultation | None:
    query = select(Consultation).where(Consultation.slug == slug).with_for_update(key_share=True)
    return (await session.scalars(query)).one_or_none()


def _identified(consultation: Consultation) -> UUID:
    consultation.id = clock.new_id()
    return consultation.id


def _apply(consultation: Consultation, definition: Definition) -> list[str]:
    """Set the columns, and return the names of the definition's fields that differ from what was loaded last."""
    new = definition.model_dump(mode="json", exclude={"topics", "phases", "screening"})
    old = consultation.definition
    consultation.title, consultation.summary = definition.title, definition.summary
    consultation.time_zone, consultation.languages = definition.time_zone, list(definition.languages)
    consultation.sample = definition.sample
    consultation.details = _details(definition)
    consultation.definition = new
    return sorted(field for field in new if new[field] != old.get(field, None))


def _details(definition: Definition) -> dict[str, Any]:
    """Page content, with its Markdown rendered once, here."""
    details = definition.details()
    return details | {f"{field}_html": text.markdown(details[field]) for field in _RENDERED if details[field]}


async def _update_phases(session: AsyncSession, consultation: UUID, definition: Definition) -> list[str]:
    """Store the phases. A closing date that was extended since stays extended while the file has the date before."""
    wanted = definition.schedule()
    query = select(Extension).where(Extension.consultation_id == consultation).order_by(Extension.id.desc()).limit(1)
    extension = (await session.scalars(query)).one_or_none()
    if extension is not None and schedule.closing(wanted) == extension.closed_before:
        wanted = schedule.with_closing(wanted, extension.closes)
    present = await _phases(session, consultation)
    return ["phases"] if await _store_phases(session, consultation, present, wanted) else []


async def _update_screening(session: AsyncSession, consultation: UUID, definition: Definition) -> list[str]:
    """Store what makes texts wait, apart from the consultation: the words looked at are nobody's to read in public."""
    wanted = definition.screening.model_dump(mode="json")
    present = await session.get(ScreeningPolicy, consultation)
    if wanted == (present.policy if present else Screening().model_dump(mode="json")):
        return []
    present = present or ScreeningPolicy(consultation_id=consultation)
    present.policy = wanted
    session.add(present)
    await session.flush()
    return ["screening"]


async def _store_phases(
    session: AsyncSession, consultation: UUID, present: list[Phase], wanted: tuple[schedule.Phase, ...]
) -> bool:
    """Make the rows like `wanted`; returns whether anything differed."""
    by_name = {phase.name: phase for phase in present}
    differs = _as_schedule(present) != list(wanted)
    for phase in wanted:
        row = by_name.pop(phase.name, None) or Phase(consultation_id=consultation, name=phase.name)
        if row.entered is not None and phase.starts > clock.now():
            row.entered = None  # it was entered too early: it will be again
        row.starts, row.note = phase.starts, phase.note
        session.add(row)
    for row in by_name.values():
        await session.delete(row)
    await session.flush()
    return differs


async def _phases(session: AsyncSession, consultation: UUID, lock: bool = False) -> list[Phase]:
    query = select(Phase).where(Phase.consultation_id == consultation).order_by(Phase.starts)
    return list((await session.scalars(query.with_for_update() if lock else query)).all())


def _as_schedule(phases: list[Phase]) -> list[schedule.Phase]:
    ordered = sorted(phases, key=lambda phase: phase.starts)
    return [schedule.Phase(phase.name, phase.starts, phase.note) for phase in ordered]  # type: ignore[arg-type]
