"""Threads that take no more replies. Facilitators' notes are taken still."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.contributions import publishing
from app.contributions.models import Contribution, ThreadLock
from app.language import gettext as _


async def lock(session: AsyncSession, root: Contribution, decision: UUID) -> None:
    """Take no more replies. Appends `thread.locked`. Raises Conflict where it is locked already."""
    row = {"thread_id": root.id, "consultation_id": root.consultation_id, "since": clock.now()}
    made = upsert(ThreadLock).values(row).on_conflict_do_nothing().returning(ThreadLock.thread_id)
    if await session.scalar(made) is None:
        raise errors.Conflict(_("The thread %(number)s is locked already.", number=root.number))
    await publishing.tell(session, root, "thread.locked", decision=decision)


async def unlock(session: AsyncSession, root: Contribution, decision: UUID) -> None:
    """Take replies again. Appends `thread.unlocked`. Raises Conflict where it is not locked."""
    gone = delete(ThreadLock).where(ThreadLock.thread_id == root.id).returning(ThreadLock.thread_id)
    if await session.scalar(gone) is None:
        raise errors.Conflict(_("The thread %(number)s is not locked.", number=root.number))
    await publishing.tell(session, root, "thread.unlocked", decision=decision)
