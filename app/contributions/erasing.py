"""Erasure: texts, salts and bylines destroyed for good. Without their salts the hashes in the record tell nothing."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors, text
from app.contributions.models import Contribution, Revision

REASON_LIMIT = 1_000

_NOTHING: dict[str, Any] = dict.fromkeys((
    "title", "body", "html", "salt", "author_id", "author_name", "organisation_id", "organisation_name",
    "organisation_kind", "organisation_country", "organisation_region", "mandate",
)) | {
    "state": "erased", "visible": False, "places": [], "questions": [], "byline": "anonymous", "capacity": "personal",
}  # fmt: skip


async def destroy(session: AsyncSession, contribution: Contribution) -> None:
    """Empty every revision of a contribution and cut it from its author."""
    await session.execute(
        update(Revision)
        .where(Revision.contribution_id == contribution.id)
        .values(_NOTHING)
        .execution_options(synchronize_session="fetch")
    )
    contribution.author_id, contribution.waits_since = None, None
    contribution.provenance, contribution.tags = None, []


async def destroy_unpublished(session: AsyncSession, contribution: Contribution) -> None:
    """Empty the revisions of a contribution that never were public: waiting, rejected, replaced while waiting."""
    contribution.waits_since = None
    await session.execute(
        update(Revision)
        .where(Revision.contribution_id == contribution.id, Revision.published.is_(None))
        .values(_NOTHING)
        .execution_options(synchronize_session="fetch")
    )


async def destroy_revision(session: AsyncSession, contribution: Contribution, number: int) -> tuple[UUID | None, bool]:
    """Empty one earlier revision. Returns its id and whether it was public; None if it was erased before."""
    query = select(Revision).where(Revision.contribution_id == contribution.id, Revision.number == number)
    revision = (await session.scalars(query)).one_or_none() if 0 < number <= contribution.latest else None
    if revision is None:
        raise errors.NotFound(f"There is no revision {number}.")
    if revision.state == "erased":
        return None, False
    if revision.state in ("public", "waiting"):
        raise errors.Conflict("This is the current text: edit it, withdraw it, or erase the whole contribution.")
    was_visible = revision.visible
    for name, value in _NOTHING.items():
        setattr(revision, name, value)
    await session.flush()
    return revision.id, was_visible


async def number_of(session: AsyncSession, revision: UUID) -> int:
    """The number of a revision in its contribution. Raises NotFound."""
    number = await session.scalar(select(Revision.number).where(Revision.id == revision))
    if number is None:
        raise errors.NotFound("There is no such revision.")
    return number


def checked_reason(reason: str | None, needed: bool) -> str | None:
    """A clean reason, or None where none is needed or given. Raises Invalid."""
    try:
        clean = text.paragraphs(reason or "")
    except ValueError as fault:
        raise errors.Invalid({"reason": f"This {fault}."}) from None
    if needed and not clean:
        raise errors.Invalid({"reason": "Please give a reason: this erases somebody else’s text."})
    if len(clean) > REASON_LIMIT:
        raise errors.Invalid({"reason": f"The reason has {len(clean):,} characters; at most {REASON_LIMIT:,} fit."})
    return clean or None
