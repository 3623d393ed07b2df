"""Erasure: texts, salts and bylines destroyed for good. Without their salts the hashes in the record tell nothing.

Only `moderation/erasing.py` calls this, as an import contract has it: what moderators wrote about a text goes with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, text
from app.contributions import depositing, detaching, publishing, screening, translated
from app.contributions.acting import note_privately, to_act_on
from app.contributions.models import Contribution, Revision
from app.language import gettext as _
from app.language import number
from app.permissions import Actor

REASON_LIMIT = 1_000

NOTHING: dict[str, Any] = dict.fromkeys((
    "title", "body", "html", "salt", "author_id", "author_name", "organisation_id", "organisation_name",
    "organisation_kind", "organisation_country", "organisation_region", "mandate",
)) | {
    "state": "erased", "visible": False, "places": [], "questions": [], "attachments": [],
    "byline": "anonymous", "capacity": "personal",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Erased:
    """A contribution that is erased; `reason` is why somebody else than its author did it, just now."""

    contribution: Contribution
    reason: str | None = None


async def erase(session: AsyncSession, actor: Actor, id: UUID, reason: str | None, decision: UUID) -> Erased:
    """Destroy all texts and salts of a contribution for good. An organiser needs a reason; the author needs none.

    The staff log names the `decision` that will hold an organiser's reason: nothing can be erased from a log.
    """
    contribution, _floor, owner = await to_act_on(session, actor, "contribution.erase", id)
    by_another = actor.person != owner
    reason = _checked_reason(reason, needed=by_another)
    if contribution.status == "erased":
        return Erased(contribution)
    await erase_whole(session, contribution, decision if by_another else None)
    return Erased(contribution, reason if by_another else None)


async def erase_whole(session: AsyncSession, contribution: Contribution, decision: UUID | None = None) -> None:
    """As `erase`, of a contribution that is locked already, by somebody who is known to be allowed."""
    public_before = contribution.number is not None
    if public_before:
        await publishing.unpublish(session, contribution, "erased")
    contribution.status, contribution.since = "erased", clock.now()
    await _destroy(session, contribution)
    if decision is not None or not public_before:
        await note_privately(session, contribution, "text.erased", decision=decision)


async def erase_revision(session: AsyncSession, actor: Actor, id: UUID, number: int) -> UUID | None:
    """Destroy one earlier revision for good, and return it; None if it was erased before. Raises Conflict."""
    contribution, floor, _owner = await to_act_on(session, actor, "contribution.erase", id)
    revision, was_visible = await _destroy_revision(session, contribution, number)
    if revision is not None and was_visible:
        await publishing.update_public(session, contribution, floor, "contribution.redacted", revision=revision)
    elif revision is not None:
        await note_privately(session, contribution, "text.erased", revision=revision)
    return revision


async def erase_unpublished(session: AsyncSession, contribution: Contribution) -> Sequence[UUID]:
    """Empty the revisions of a locked contribution that never were public, and return them."""
    contribution.waits_since = None
    emptied = await session.scalars(
        update(Revision)
        .where(Revision.contribution_id == contribution.id, Revision.published.is_(None))
        .values(NOTHING)
        .returning(Revision.id)
        .execution_options(synchronize_session="fetch")
    )
    revisions = emptied.all()
    await screening.forget_revisions(session, revisions)
    await detaching.forget_unlisted(session, contribution)
    return revisions


async def _destroy(session: AsyncSession, contribution: Contribution) -> None:
    """Empty every revision of a contribution and cut it from its author."""
    await detaching.forget_all(session, contribution.id)
    await session.execute(
        update(Revision)
        .where(Revision.contribution_id == contribution.id)
        .values(NOTHING)
        .execution_options(synchronize_session="fetch")
    )
    await translated.forget(session, contribution.id)
    await screening.forget(session, contribution.id)
    await depositing.forget(session, contribution.id)
    contribution.author_id, contribution.waits_since = None, None
    contribution.provenance, contribution.tags = None, []


async def _destroy_revision(session: AsyncSession, contribution: Contribution, number: int) -> tuple[UUID | None, bool]:
    """Empty one earlier revision. Returns its id and whether it was public; None if it was erased before."""
    query = select(Revision).where(Revision.contribution_id == contribution.id, Revision.number == number)
    revision = (await session.scalars(query)).one_or_none() if 0 < number <= contribution.latest else None
    if revision is None:
        raise errors.NotFound(_("There is no revision %(number)s.", number=number))
    if revision.state == "erased":
        return None, False
    if revision.state in ("public", "waiting") or await _is_all_that_is_left(session, revision):
        raise errors.Conflict(_("This is the current text: edit it, withdraw it, or erase the whole contribution."))
    was_visible = revision.visible
    await translated.forget(session, contribution.id, number)
    for name, value in NOTHING.items():
        setattr(revision, name, value)
    await session.flush()
    await screening.forget_revisions(session, (revision.id,))
    await detaching.forget_unlisted(session, contribution)
    return revision.id, was_visible


async def _is_all_that_is_left(session: AsyncSession, revision: Revision) -> bool:
    others = (Revision.contribution_id == revision.contribution_id, Revision.id != revision.id)
    return not await session.scalar(select(exists().where(*others, Revision.state != "erased")))


def _checked_reason(reason: str | None, needed: bool) -> str | None:
    """A clean reason, or None where none is needed or given. Raises Invalid."""
    try:
        clean = text.paragraphs(reason or "")
    except ValueError as fault:
        raise errors.Invalid({"reason": _("This %(fault)s.", fault=fault)}) from None
    if needed and not clean:
        raise errors.Invalid({"reason": _("Please give a reason: this erases somebody else’s text.")})
    if len(clean) > REASON_LIMIT:
        raise errors.Invalid(
            {
                "reason": _(
                    "The reason has %(count)s characters; at most %(most)s fit.",
                    count=number(len(clean)),
                    most=number(REASON_LIMIT),
                )
            }
        )
    return clean or None
