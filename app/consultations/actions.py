"""Set a consultation up, change it; enter phases when their time has come."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record, text
from app.accounts.private_consultations import make_private
from app.consultations import dates_in_force, translations
from app.consultations.definition import Definition, Screening
from app.consultations.models import Consultation, Extension, ScreeningPolicy
from app.consultations.phase_rows import enter_due, phases_of, store_phases
from app.consultations.stored import kept
from app.consultations.topics import update_topics
from app.language import gettext as _
from app.permissions import Actor, Thing, require


async def load_definition(session: AsyncSession, actor: Actor, definition: Definition) -> list[str]:
    """Create the consultation of this slug, announced at once, or update it. Returns what changed, a sentence each.

    Nothing that has contributions is deleted: what the file no longer names stays, and the report says so.
    """
    consultation = await _for_update(session, definition.slug)
    require(actor, "consultation.define", Thing(consultation.id if consultation else None))
    if consultation is not None:
        return await store(session, consultation, definition)
    consultation = Consultation(id=clock.new_id(), slug=definition.slug, definition={}, announced=clock.now())
    if definition.private:
        await make_private(session, consultation.id, "invited", actor.person)
    return [f"{definition.slug}: created", *await store(session, consultation, definition)]


async def store(session: AsyncSession, consultation: Consultation, definition: Definition) -> list[str]:
    """Make a consultation, new or locked, like a definition, and tell its record. A part of other acts."""
    is_new, before = not consultation.definition, consultation.definition
    if is_new:
        await record.begin(session, consultation.id)
    elif consultation.announced is not None and before.get("private", False) != definition.private:
        raise errors.Invalid({"private": _("This cannot change any more: people know who reads what they write.")})
    changed = _apply(consultation, definition)
    session.add(consultation)
    await session.flush()
    acts = await dates_in_force.acts_of(session, consultation.id)
    changed += await _update_phases(session, consultation.id, definition, acts)
    changed += await _update_screening(session, consultation.id, definition)
    if changed:
        consultation.updated = clock.now()
        await record.append(session, consultation.id, "consultation.updated", consultation.id, changed=changed)
    report = [f"{definition.slug}: {field} {'set' if is_new else 'changed'}" for field in changed]
    report += await update_topics(session, consultation.id, definition, acts)
    if consultation.announced is not None:
        await enter_due_phases(session, consultation.id)
    return report


async def enter_due_phases(session: AsyncSession, consultation_id: UUID | None = None) -> None:
    """Tell the record of phases and topics whose time has come. The worker calls this; dates need no actor.

    What is in preparation has no phases yet for anybody to see.
    """
    query = select(Consultation.id).where(Consultation.announced.is_not(None))
    if consultation_id is not None:
        query = query.where(Consultation.id == consultation_id)
    for each in (await session.scalars(query.order_by(Consultation.id))).all():
        await enter_due(session, each)


async def _for_update(session: AsyncSession, slug: str) -> Consultation | None:
    query = select(Consultation).where(Consultation.slug == slug).with_for_update(key_share=True)
    return (await session.scalars(query)).one_or_none()


def _apply(consultation: Consultation, definition: Definition) -> list[str]:
    """Set the columns, and return the names of the definition's fields that differ from what was loaded last."""
    new, old = kept(definition), consultation.definition
    consultation.slug, consultation.title, consultation.summary = definition.slug, definition.title, definition.summary
    consultation.time_zone, consultation.languages = definition.time_zone, list(definition.languages)
    consultation.sample = definition.sample
    consultation.details = _details(definition)
    consultation.definition = new
    told = new.keys() - {"topics", "phases"}  # of these their rows tell
    return sorted(field for field in told if new[field] != old.get(field, None))


def _details(definition: Definition) -> dict[str, Any]:
    """Page content, with its Markdown rendered once, here."""
    details = definition.details()
    html = {
        f"{field}{translations.HTML}": text.markdown(details[field])
        for field in translations.MARKDOWN
        if details[field]
    }
    said = {tag: translations.rendered(texts) for tag, texts in definition.translations.items()}
    return details | html | {"translations": said}


async def _update_phases(
    session: AsyncSession, consultation: UUID, definition: Definition, acts: Sequence[Extension]
) -> list[str]:
    """Store the phases. What organisers did to dates since stays while the file has the date of before."""
    present = await phases_of(session, consultation)
    wanted = dates_in_force.phases(definition.schedule(), acts)
    return ["phases"] if await store_phases(session, consultation, present, wanted) else []


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
