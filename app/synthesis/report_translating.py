"""The report in other languages than the one it is written in: each beside the original, section by section."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.consultations.outline import outline
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.synthesis import report_drafts as drafts
from app.synthesis.report_models import ReportTranslation, ReportVersion
from app.synthesis.report_sections import is_complete, mark_of, sections, states
from app.synthesis.report_wording import ReportWords, checked

_COPIED = ("language", "title", "summary", "method", "results", "html", "saved", "written_by")


async def translate(
    session: AsyncSession, actor: Actor, consultation: UUID, given: ReportWords, saved: int, done: Mapping[str, str]
) -> ReportTranslation:
    """Keep these words as the draft's in their language, another of the consultation's.

    `done` names the sections that say all that the original says, each with the mark of the original's words that the
    writer saw; `saved` is how often this language had been saved. Raises Unauthenticated, Forbidden, Invalid; Conflict
    where somebody else saved meanwhile, in this language or in a section of the original that is said to be done.
    """
    require(actor, "report.write", Thing(consultation))
    its = await outline(session, consultation)
    clean = checked(given, {*its.topics, *its.questions})
    draft = await drafts.draft_of(session, consultation)
    if draft is None:
        raise errors.Conflict(drafts.no_draft())
    if clean.language == draft.language or clean.language not in its.languages:
        raise errors.Invalid({"language": _("Choose another of the consultation’s languages.")})
    row = await translation_of(session, draft, clean.language)
    if (row.saved if row else 0) != saved:
        raise errors.Conflict(drafts.changed_meanwhile())
    if row is None:
        row = ReportTranslation(id=clock.new_id(), version_id=draft.id, language=clean.language, saved=0, done={})
        session.add(row)
    row.done = _done(draft, clean, done, row.done)
    await drafts.fill(session, row, clean, consultation, its.slug)
    row.reason = clean.reason if draft.version > 1 else ""
    row.written_by, row.saved = actor.person, row.saved + 1
    await session.flush()
    await record.append(session, consultation, "outcome.drafted", draft.id, act="report", person=actor.person)
    return row


async def translation_of(session: AsyncSession, draft: ReportVersion, language: str) -> ReportTranslation | None:
    """The draft in this language, None where nobody has begun it."""
    query = select(ReportTranslation).where(
        ReportTranslation.version_id == draft.id, ReportTranslation.language == language
    )
    found: ReportTranslation | None = await session.scalar(query.execution_options(populate_existing=True))
    return found


async def translations_of(session: AsyncSession, draft: ReportVersion) -> list[ReportTranslation]:
    """The draft in other languages, those in which anything is said, by language."""
    query = select(ReportTranslation).where(
        ReportTranslation.version_id == draft.id, ReportTranslation.language != draft.language
    )
    rows = await session.scalars(query.order_by(ReportTranslation.language))
    return [row for row in rows if sections(row)]


async def carry_over(session: AsyncSession, earlier: UUID, draft: UUID) -> None:
    """A new draft begins with what the version before says in other languages, complete there or not."""
    for row in await session.scalars(select(ReportTranslation).where(ReportTranslation.version_id == earlier)):
        copied = {name: getattr(row, name) for name in _COPIED}
        done = {name: body for name, body in row.done.items() if name != "reason"}
        session.add(ReportTranslation(id=clock.new_id(), version_id=draft, done=done, **copied))
    await session.flush()


def complete(draft: ReportVersion, rows: Sequence[ReportTranslation]) -> list[ReportTranslation]:
    """Those that say all of the draft."""
    return [row for row in rows if is_complete(states(draft, row, row.done))]


def freeze(draft: ReportVersion, rows: Sequence[ReportTranslation]) -> None:
    """Leave in these only what the original has, too."""
    for row in rows:
        row.method, row.results = row.method if draft.method else "", {key: row.results[key] for key in draft.results}
        html = row.html["results"]
        row.html = row.html | {"method": row.html["method"] if draft.method else "",
                               "results": {key: html[key] for key in draft.results}}  # fmt: skip


def _done(
    draft: ReportVersion, given: ReportWords, shown: Mapping[str, str], before: Mapping[str, str]
) -> dict[str, str]:
    """By section, the original's words that are said to be translated. What was done and changed since stays so."""
    original, done = sections(draft), {}
    for name in sections(given):
        body = original.get(name)
        if body is None:
            continue
        if name in shown:
            if shown[name] != mark_of(body):
                raise errors.Conflict(
                    _("The original was changed meanwhile: look at what it says now, then save again.")
                )
            done[name] = body
        elif name in before and before[name] != body:
            done[name] = before[name]
    return done
