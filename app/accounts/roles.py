"""Who holds a role."""

from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.accounts.models import Membership


async def holders(session: AsyncSession, consultation: UUID, role: str) -> list[UUID]:
    """Who holds this role in a consultation now."""
    current = Membership.ended.is_(None) & or_(Membership.until.is_(None), Membership.until > clock.now())
    its = (Membership.consultation_id == consultation) & (Membership.role == role)
    return list(await session.scalars(select(Membership.person_id).where(its, current)))


async def is_held(session: AsyncSession, role: str) -> bool:
    """Whether anybody holds this role anywhere now."""
    current = exists().where(Membership.role == role, Membership.ended.is_(None))
    return bool(await session.scalar(select(current)))
