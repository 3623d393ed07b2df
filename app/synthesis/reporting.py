"""What rapporteurs do with the report. Each verb: require, change, append to the record, return.

There is at most one draft. Publishing freezes it: an erratum is the next version, which says why there is one.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.consultations.outline import outline
from app.permissions import Actor, Thing, require
from app.record import commitments
from app.synthesis import report_checklist as checklist
from app.synthesis import report_translating as translating
from app.synthesis.report_drafts import changed_meanwhile, draft_of, fill, no_draft
from app.synthesis.report_models import ReportTranslation, ReportVersion
from app.synthesis.report_wording import WORDS, ReportWords, checked


async def save(
    session: AsyncSession, actor: Actor, consultation: UUID, given: ReportWords, saved: int
) -> ReportVersion:
    """Keep these words in the draft, which is begun where there is none. `saved` is how often the draft that they were
    written over had been saved, 0 for none.

    Raises Unauthenticated, Forbidden, Invalid; Conflict where somebody else saved meanwhile.
    """
    require(actor, "report.write", Thing(consultation))
    its = await outline(session, consultation)
    clean = checked(given, {*its.topics, *its.questions})
    draft = await draft_of(session, consultation)
    if (draft.saved if draft else 0) != saved:
        raise errors.Conflict(changed_meanwhile())
    draft = draft or await _begun(session, consultation, clean.language)
    await fill(session, draft, clean, consultation, its.slug)
    draft.language, draft.reason = clean.language, clean.reason if draft.version > 1 else ""
    draft.written_by, draft.saved = actor.person, draft.saved + 1
    await session.flush()
    await record.append(session, consultation, "outcome.drafted", draft.id, act="report", person=actor.person)
    return draft


async def publish(
    session: AsyncSession, actor: Actor, consultation: UUID, saved: int, reasons: Mapping[str, str]
) -> ReportVersion:
    """Make the draft, as it was when it had been `saved` so often, the newest version of the report, in all languages
    that say all of it.

    `reasons` are those given for what the checklist finds, by its code. Appends `report.published`. Raises
    Unauthenticated, Forbidden, Conflict; Invalid where something hinders it or a reason is missing.
    """
    require(actor, "report.publish", Thing(consultation))
    draft = await draft_of(session, consultation)
    if draft is None:
        raise errors.Conflict(no_draft())
    if draft.saved != saved:
        raise errors.Conflict(changed_meanwhile())
    found = await checklist.findings(session, draft, await outline(session, consultation), held=True)
    draft.acknowledged = checklist.acknowledged(found, reasons)
    others = translating.complete(draft, await translating.translations_of(session, draft))
    translating.freeze(draft, others)
    draft.salt = commitments.fresh_salt()
    draft.hash = commitments.commitment(draft.salt, committed(draft, others))
    turn = await record.take_turn(session, "public", consultation)
    draft.seq, draft.as_of, draft.published = turn.seq, turn.seq - 1, clock.now()
    for each in others:
        each.seq = turn.seq
    about = {"version": draft.version, "language": draft.language, "hash": draft.hash}
    await record.write(session, turn, [record.Draft("report.published", draft.id, about)])
    await session.flush()
    return draft


def committed(version: ReportVersion, others: Sequence[ReportTranslation] = ()) -> dict[str, Any]:
    """What the record commits to: the rapporteur's words in all languages, and the reasons given (docs/record.md).

    A version in one language has no `translations` at all: what was committed to before there were any stays true.
    """
    names = ("version", "language", "title", "summary", "method", "results", "reason", "acknowledged")
    content = {name: getattr(version, name) for name in names}
    if others:
        content["translations"] = {each.language: {name: getattr(each, name) for name in WORDS} for each in others}
    return content


async def _begun(session: AsyncSession, consultation: UUID, language: str) -> ReportVersion:
    """A new draft: the version after the newest one. Raises Conflict where somebody else begins one just now."""
    query = select(ReportVersion.id, ReportVersion.version).where(ReportVersion.consultation_id == consultation)
    newest = (await session.execute(query.order_by(ReportVersion.version.desc()).limit(1))).one_or_none()
    row = {
        "id": clock.new_id(), "consultation_id": consultation, "version": newest.version + 1 if newest else 1,
        "language": language, "created": clock.now(),
    }  # fmt: skip
    await session.execute(insert(ReportVersion).values(row).on_conflict_do_nothing())
    draft = await draft_of(session, consultation)
    if draft is None or draft.id != row["id"]:
        raise errors.Conflict(changed_meanwhile())
    if newest:
        await translating.carry_over(session, newest.id, draft.id)
    return draft
