"""What becomes of endorsements with the text they are for, and with the account of who gave them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.endorsements.models import Endorsement


async def count_of(session: AsyncSession, contribution: UUID) -> int:
    """How many there are: for a contribution that becomes public again."""
    query = select(func.count()).select_from(Endorsement).where(Endorsement.contribution_id == contribution)
    return int(await session.scalar(query) or 0)


async def forget_texts(session: AsyncSession, contributions: Collection[UUID]) -> None:
    """Delete the endorsements of texts that are erased."""
    if contributions:
        await session.execute(delete(Endorsement).where(Endorsement.contribution_id.in_(contributions)))


async def forget_person(session: AsyncSession, person: UUID) -> None:
    """Cut the ties of somebody who leaves: that somebody endorsed stays, and is counted."""
    mine = update(Endorsement).where(Endorsement.person_id == person).values(person_id=None)
    await session.execute(mine.execution_options(synchronize_session=False))


async def remove_endorsements(session: AsyncSession, consultation: UUID) -> None:
    """Delete every endorsement in a consultation that goes."""
    await session.execute(delete(Endorsement).where(Endorsement.consultation_id == consultation))
