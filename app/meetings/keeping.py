"""How long what people say of themselves for a meeting is kept: a month after it, and no longer than their account."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.meetings import queue
from app.meetings.planned_models import PlannedMeeting, Registration

KEPT = timedelta(days=30)


async def forget_participants(session: AsyncSession) -> None:
    """Delete who came to meetings that were over a month ago, and what they needed; what can be counted stays."""
    over = select(PlannedMeeting.id).where(PlannedMeeting.ends < clock.now() - KEPT)
    personal = update(Registration).where(Registration.planned_id.in_(over), Registration.person_id.is_not(None))
    nothing: dict[str, Any] = {"speaks": [], "interpretation": []}
    nothing |= dict.fromkeys(("person_id", "access_needs", "reason"))
    await session.execute(personal.values(nothing).execution_options(synchronize_session=False))


async def hold_registrations(session: AsyncSession, person: UUID) -> None:
    """Lock the meetings that somebody who leaves is registered for: before any log is written to."""
    mine = select(Registration.planned_id).where(Registration.person_id == person)
    query = select(PlannedMeeting.id).where(PlannedMeeting.id.in_(mine)).order_by(PlannedMeeting.id)
    await session.execute(query.with_for_update(key_share=True))


async def forget_registrations(session: AsyncSession, person: UUID) -> None:
    """Delete the registrations of somebody who leaves; their places go to who is next."""
    mine = delete(Registration).where(Registration.person_id == person).returning(Registration.planned_id)
    meetings = set(await session.scalars(mine))
    query = select(PlannedMeeting).where(PlannedMeeting.id.in_(meetings)).order_by(PlannedMeeting.id)
    for planned in await session.scalars(query):
        await queue.move_up(session, planned)
    for column in (PlannedMeeting.planned_by, PlannedMeeting.cancelled_by, Registration.decided_by):
        await session.execute(update(column.class_).where(column == person).values({column: None}))
