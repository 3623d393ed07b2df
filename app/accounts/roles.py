"""Who holds a role, all consultations together."""

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Membership


async def is_held(session: AsyncSession, role: str) -> bool:
    """Whether anybody holds this role anywhere now."""
    current = exists().where(Membership.role == role, Membership.ended.is_(None))
    return bool(await session.scalar(select(current)))
