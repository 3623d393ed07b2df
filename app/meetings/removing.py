"""A consultation's meetings, deleted for good. Only the sample ever goes like this: see consultations/removing.py."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.meetings.models import Meeting, MeetingPoint, Source
from app.meetings.planned_models import PlannedMeeting, Registration


async def remove_meetings(session: AsyncSession, consultation: UUID) -> None:
    """Delete every meeting of this consultation, who registered, and who was asked to confirm what was said."""
    planned = select(PlannedMeeting.id).where(PlannedMeeting.consultation_id == consultation)
    await session.execute(delete(Registration).where(Registration.planned_id.in_(planned)))
    await session.execute(delete(PlannedMeeting).where(PlannedMeeting.consultation_id == consultation))
    its = select(Meeting.id).where(Meeting.consultation_id == consultation)
    await session.execute(delete(MeetingPoint).where(MeetingPoint.meeting_id.in_(its)))
    for table in (Source, Meeting):
        await session.execute(delete(table).where(table.consultation_id == consultation))
