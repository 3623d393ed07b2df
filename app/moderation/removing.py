"""A consultation's decisions, deleted for good. Only the sample ever goes like this: see consultations/removing.py."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app.moderation.models import Appeal, Claim, Decision, Flag, MonthlyFigures
from app.moderation.uninviting import remove_invitations


async def remove_decisions(session: AsyncSession, consultation: UUID) -> None:
    """Delete every decision in this consultation, and what was asked of moderators."""
    await remove_invitations(session, consultation)
    for table in (MonthlyFigures, Claim, Flag, Appeal, Decision):
        await session.execute(delete(table).where(table.consultation_id == consultation))
