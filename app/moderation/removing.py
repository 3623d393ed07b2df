"""A consultation's decisions, deleted for good. Only the sample ever goes like this: see consultations/removing.py."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app.moderation.models import Decision


async def remove_decisions(session: AsyncSession, consultation: UUID) -> None:
    """Delete every decision in this consultation."""
    await session.execute(delete(Decision).where(Decision.consultation_id == consultation))
