"""Files that go: their bytes are destroyed as soon as no text that stands, waits or may still be judged lists them.

Of what was public once a row stays, without name, hash and bytes, so that its address says that it is gone.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions.attachment_models import Attachment
from app.contributions.models import Contribution, Revision

_STANDING = ("public", "waiting", "rejected")  # a rejected text may be appealed


async def forget_unlisted(session: AsyncSession, contribution: Contribution) -> None:
    """Destroy what only earlier revisions list."""
    rows = await _held(session, contribution.id)
    if not rows:
        return
    await session.flush()
    revisions = await _revisions(session, contribution.id)
    standing = [each for each in revisions if each.state in _STANDING or each.number == contribution.latest]
    needed = _ids(standing)
    await forget(session, [row for row in rows if row.id not in needed])


async def forget_all(session: AsyncSession, contribution: UUID) -> None:
    """Destroy every file of a contribution, while its revisions still say which of them were public."""
    await forget(session, await _held(session, contribution))


async def strike(session: AsyncSession, contribution: UUID, attachment: UUID) -> None:
    """Destroy one file and take it out of every revision's list."""
    await forget(session, [row for row in await _held(session, contribution) if row.id == attachment])
    for revision in await _revisions(session, contribution):
        if attachment in _ids([revision]):
            revision.attachments = [each for each in revision.attachments if UUID(each["id"]) != attachment]
    await session.flush()


async def forget(session: AsyncSession, rows: Sequence[Attachment]) -> None:
    """Destroy these, all of one contribution; of those that never were public nothing stays."""
    if not rows:
        return
    shown = _ids(each for each in await _revisions(session, rows[0].contribution_id) if each.published)
    for row in rows:
        row.content = row.bucket_key = row.name = row.hash = None
        row.tells = []
        if row.id not in shown:
            await session.delete(row)
    await session.flush()


async def _held(session: AsyncSession, contribution: UUID) -> Sequence[Attachment]:
    held = select(Attachment).where(Attachment.contribution_id == contribution, Attachment.hash.is_not(None))
    return (await session.scalars(held)).all()


async def _revisions(session: AsyncSession, contribution: UUID) -> Sequence[Revision]:
    return (await session.scalars(select(Revision).where(Revision.contribution_id == contribution))).all()


def _ids(revisions: Iterable[Revision]) -> set[UUID]:
    return {UUID(each["id"]) for revision in revisions for each in revision.attachments}
