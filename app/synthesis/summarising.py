"""What rapporteurs do with the two-page summary. Each verb: require, change, append to the record, return.

There is at most one draft. Publishing freezes it: what changes later is the next version, which says why there is one.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.consultations.outline import outline
from app.contributions.citing import html_with_links
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.record import commitments
from app.synthesis.models import Recommendation, RecommendationVersion
from app.synthesis.report_drafts import changed_meanwhile
from app.synthesis.summary_models import SummaryVersion
from app.synthesis.summary_wording import SummaryWords, checked, points


async def save(
    session: AsyncSession, actor: Actor, consultation: UUID, given: SummaryWords, saved: int
) -> SummaryVersion:
    """Keep these words in the draft, which is begun where there is none. `saved` is how often the draft that they were
    written over had been saved, 0 for none. Without a speech, points for one are made of the rest.

    Raises Unauthenticated, Forbidden, Invalid; Conflict where somebody else saved meanwhile.
    """
    require(actor, "report.write", Thing(consultation))
    titles = await _titles(session, consultation)
    clean = checked(given, titles)
    draft = await draft_of(session, consultation)
    if (draft.saved if draft else 0) != saved:
        raise errors.Conflict(changed_meanwhile())
    draft = draft or await _begun(session, consultation, clean.language)
    await _fill(session, draft, clean, titles)
    draft.written_by, draft.saved = actor.person, draft.saved + 1
    await session.flush()
    await record.append(session, consultation, "outcome.drafted", draft.id, act="summary", person=actor.person)
    return draft


async def publish(session: AsyncSession, actor: Actor, consultation: UUID, saved: int) -> SummaryVersion:
    """Make the draft, as it was when it had been `saved` so often, the newest version. Appends `summary.published`.

    Raises Unauthenticated, Forbidden, Conflict; Invalid where a title, words or the reason is missing.
    """
    require(actor, "report.publish", Thing(consultation))
    draft = await draft_of(session, consultation)
    if draft is None:
        raise errors.Conflict(_("There is no draft of the summary: save one first."))
    if draft.saved != saved:
        raise errors.Conflict(changed_meanwhile())
    if missing := missing_in(draft):
        raise errors.Invalid(missing)
    draft.salt = commitments.fresh_salt()
    draft.hash = commitments.commitment(draft.salt, committed(draft))
    turn = await record.take_turn(session, "public", consultation)
    draft.seq, draft.published = turn.seq, clock.now()
    about = {"version": draft.version, "language": draft.language, "stage": draft.kind, "hash": draft.hash}
    await record.write(session, turn, [record.Draft("summary.published", draft.id, about)])
    await session.flush()
    return draft


def missing_in(draft: SummaryVersion) -> dict[str, str]:
    """What hinders its publication, by field."""
    missing = {}
    if not draft.title:
        missing["title"] = _("The summary needs a title.")
    if not draft.body:
        missing["body"] = _("The summary says nothing yet.")
    if draft.version > 1 and not draft.reason:
        missing["reason"] = _("Please say why there is a new version.")
    return missing


def committed(version: SummaryVersion) -> dict[str, Any]:
    """What the record commits to (docs/record.md)."""
    names = ("version", "kind", "language", "title", "body", "recommendations", "speech", "reason")
    return {name: getattr(version, name) for name in names}


async def draft_of(session: AsyncSession, consultation: UUID) -> SummaryVersion | None:
    """The draft, locked until the transaction ends; None where there is none."""
    query = select(SummaryVersion).where(SummaryVersion.consultation_id == consultation, SummaryVersion.seq.is_(None))
    found: SummaryVersion | None = await session.scalar(
        query.with_for_update().execution_options(populate_existing=True)
    )
    return found


async def _titles(session: AsyncSession, consultation: UUID) -> dict[int, str]:
    """The titles of the recommendations that are public, by number."""
    query = (
        select(Recommendation.number, RecommendationVersion.title)
        .join(
            RecommendationVersion,
            (RecommendationVersion.recommendation_id == Recommendation.id)
            & (RecommendationVersion.version == Recommendation.version),
        )
        .where(Recommendation.consultation_id == consultation, Recommendation.number.is_not(None))
    )
    return {row.number: row.title for row in await session.execute(query) if row.number is not None}


async def _begun(session: AsyncSession, consultation: UUID, language: str) -> SummaryVersion:
    """A new draft: the version after the newest one. Raises Conflict where somebody else begins one just now."""
    newest = select(func.max(SummaryVersion.version)).where(SummaryVersion.consultation_id == consultation)
    row = {
        "id": clock.new_id(), "consultation_id": consultation, "version": int(await session.scalar(newest) or 0) + 1,
        "language": language, "created": clock.now(),
    }  # fmt: skip
    await session.execute(insert(SummaryVersion).values(row).on_conflict_do_nothing())
    draft = await draft_of(session, consultation)
    if draft is None or draft.id != row["id"]:
        raise errors.Conflict(changed_meanwhile())
    return draft


async def _fill(session: AsyncSession, draft: SummaryVersion, given: SummaryWords, titles: dict[int, str]) -> None:
    slug = (await outline(session, draft.consultation_id)).slug
    draft.title, draft.kind, draft.language, draft.body = given.title, given.kind, given.language, given.body
    draft.recommendations = list(given.recommendations)
    draft.speech = given.speech or points(given.body, [titles[each] for each in given.recommendations])
    draft.reason = given.reason if draft.version > 1 else ""
    draft.html = await html_with_links(session, draft.consultation_id, slug, draft.body)
    draft.speech_html = await html_with_links(session, draft.consultation_id, slug, draft.speech)
