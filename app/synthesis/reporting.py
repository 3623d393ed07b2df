"""What rapporteurs do with the report. Each verb: require, change, append to the record, return.

There is at most one draft. Publishing freezes it: an erratum is the next version, which says why there is one.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.consultations.outline import Outline, outline
from app.contributions.citing import html_with_links
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.record import commitments
from app.synthesis import report_checklist as checklist
from app.synthesis.report_models import ReportVersion
from app.synthesis.report_wording import ReportWords, checked


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
        raise errors.Conflict(_changed_meanwhile())
    draft = draft or await _begun(session, consultation, clean.language)
    await _fill(session, draft, clean, its)
    draft.written_by, draft.saved = actor.person, draft.saved + 1
    await session.flush()
    await record.append(session, consultation, "outcome.drafted", draft.id, act="report", person=actor.person)
    return draft


async def publish(
    session: AsyncSession, actor: Actor, consultation: UUID, saved: int, reasons: Mapping[str, str]
) -> ReportVersion:
    """Make the draft, as it was when it had been `saved` so often, the newest version of the report.

    `reasons` are those given for what the checklist finds, by its code. Appends `report.published`. Raises
    Unauthenticated, Forbidden, Conflict; Invalid where something hinders it or a reason is missing.
    """
    require(actor, "report.publish", Thing(consultation))
    draft = await draft_of(session, consultation)
    if draft is None:
        raise errors.Conflict(_("There is no draft of the report: save one first."))
    if draft.saved != saved:
        raise errors.Conflict(_changed_meanwhile())
    found = await checklist.findings(session, draft, await outline(session, consultation))
    draft.acknowledged = checklist.acknowledged(found, reasons)
    draft.salt = commitments.fresh_salt()
    draft.hash = commitments.commitment(draft.salt, committed(draft))
    turn = await record.take_turn(session, "public", consultation)
    draft.seq, draft.as_of, draft.published = turn.seq, turn.seq - 1, clock.now()
    about = {"version": draft.version, "language": draft.language, "hash": draft.hash}
    await record.write(session, turn, [record.Draft("report.published", draft.id, about)])
    await session.flush()
    return draft


def committed(version: ReportVersion) -> dict[str, Any]:
    """What the record commits to: the rapporteur's words, and the reasons given (docs/record.md)."""
    names = ("version", "language", "title", "summary", "method", "results", "reason", "acknowledged")
    return {name: getattr(version, name) for name in names}


async def draft_of(session: AsyncSession, consultation: UUID) -> ReportVersion | None:
    """The draft, locked until the transaction ends; None where there is none."""
    query = select(ReportVersion).where(ReportVersion.consultation_id == consultation, ReportVersion.seq.is_(None))
    found: ReportVersion | None = await session.scalar(
        query.with_for_update().execution_options(populate_existing=True)
    )
    return found


async def _begun(session: AsyncSession, consultation: UUID, language: str) -> ReportVersion:
    """A new draft: the version after the newest one. Raises Conflict where somebody else begins one just now."""
    newest = select(func.max(ReportVersion.version)).where(ReportVersion.consultation_id == consultation)
    row = {
        "id": clock.new_id(), "consultation_id": consultation, "version": int(await session.scalar(newest) or 0) + 1,
        "language": language, "created": clock.now(),
    }  # fmt: skip
    await session.execute(insert(ReportVersion).values(row).on_conflict_do_nothing())
    draft = await draft_of(session, consultation)
    if draft is None or draft.id != row["id"]:
        raise errors.Conflict(_changed_meanwhile())
    return draft


async def _fill(session: AsyncSession, draft: ReportVersion, given: ReportWords, its: Outline) -> None:
    draft.title, draft.language, draft.summary, draft.method = given.title, given.language, given.summary, given.method
    draft.results = dict(given.results)
    draft.reason = given.reason if draft.version > 1 else ""

    async def html(body: str) -> str:
        return await html_with_links(session, draft.consultation_id, its.slug, body)

    draft.html = {
        "summary": await html(given.summary), "method": await html(given.method),
        "results": {key: await html(body) for key, body in given.results.items()},
    }  # fmt: skip


def _changed_meanwhile() -> str:
    return _("Somebody else saved meanwhile. Look at theirs in another window: if you save now, yours replaces it.")
