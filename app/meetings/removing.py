"""A consultation's meetings, deleted for good. Only the sample ever goes like this: see consultations/removing.py."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.meetings.models import Meeting, MeetingPoint, Source


async def remove_meetings(session: AsyncSession, consultation: UUID) -> None:
    """Delete every meeting of this consultation, and who was asked to confirm what was said."""
    its = select(Meeting.id).where(Meeting.consultation_id == consultation)
    await session.execute(delete(MeetingPoint).where(MeetingPoint.meeting_id.in_(its)))
    for table in (Source, Meeting):
        await session.execute(delete(table).where(table.consultation_id == consultation))
