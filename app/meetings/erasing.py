"""What goes with a text that is erased, and with the account of who entered it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions.transcripts import still_there
from app.meetings.keeping import forget_registrations
from app.meetings.models import Meeting, MeetingPoint, Source


async def forget_texts(session: AsyncSession, contributions: Collection[UUID]) -> None:
    """Delete who was asked to confirm these texts, with addresses and answers; and the name of the rapporteur of a
    meeting of which nothing else is left."""
    if not contributions:
        return
    await session.execute(delete(Source).where(Source.contribution_id.in_(contributions)))
    meetings = select(MeetingPoint.meeting_id).where(MeetingPoint.contribution_id.in_(contributions))
    left = exists().where(MeetingPoint.meeting_id == Meeting.id, still_there(MeetingPoint.contribution_id))
    empty = update(Meeting).where(Meeting.id.in_(meetings), ~left).values(rapporteur=None, held_by=None)
    await session.execute(empty.execution_options(synchronize_session=False))


async def forget_person(session: AsyncSession, person: UUID) -> None:
    """Cut the ties of somebody who leaves: which meetings they planned and reported, which sources they asked; and
    delete what they said to meetings to come."""
    await forget_registrations(session, person)
    for column in (Meeting.reported_by, Source.asked_by):
        await session.execute(update(column.class_).where(column == person).values({column: None}))
