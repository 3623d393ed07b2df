"""Who has a place at a meeting to come, and who is next. Whoever changes anything about it locks the meeting first.

So of two people for the last place one gets it. The lock comes before those of any log.
"""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.language import gettext as _
from app.meetings.planned_models import PlannedMeeting, Registration


async def locked(session: AsyncSession, consultation: UUID, id: UUID) -> PlannedMeeting:
    """The planned meeting, kept from everybody else until the transaction ends. Raises NotFound."""
    # Registrations reference it: a stronger lock would wait for whoever has just made one.
    found = await session.get(PlannedMeeting, id, with_for_update={"key_share": True}, populate_existing=True)
    if found is None or found.consultation_id != consultation:
        raise errors.NotFound(_("There is no such meeting."))
    return found


def limited(planned: PlannedMeeting) -> str:
    """How those attend whom the capacity limits: in the room or, where there is none, online."""
    return "room" if planned.place else "online"


async def places_left(session: AsyncSession, planned: PlannedMeeting, attends: str) -> int | None:
    """How many places there are for those who attend like this; None for as many as come."""
    if planned.capacity is None or attends != limited(planned):
        return None
    return planned.capacity - await taken(session, planned)


async def taken(session: AsyncSession, planned: PlannedMeeting) -> int:
    """How many of the places that the capacity limits are given."""
    query = select(func.count()).where(
        Registration.planned_id == planned.id, Registration.state == "placed",
        Registration.attends == limited(planned),
    )  # fmt: skip
    return int(await session.scalar(query) or 0)


async def move_up(session: AsyncSession, planned: PlannedMeeting) -> None:
    """Give the places that are free to those who wait for one, in their order; they are told.

    Only where places go by the order of registering, and the meeting has not begun.
    """
    if planned.places != "first_come" or planned.cancelled is not None or planned.starts <= clock.now():
        return
    query = (
        select(Registration)
        .where(Registration.planned_id == planned.id, Registration.state.in_(("waiting", "asked")))
        .order_by(Registration.registered, Registration.id)
    )
    limit = await places_left(session, planned, limited(planned))
    moved = []
    for registration in await session.scalars(query):
        if limit is not None and registration.attends == limited(planned):
            if limit <= 0:
                continue
            limit -= 1
        enter(registration, "placed")
        moved.append(registration)
    await session.flush()
    for registration in moved:
        await tell(session, planned, "registration.placed", registration.id, registration.person_id)


def enter(registration: Registration, state: str) -> None:
    """Set a registration's state, from now on."""
    registration.state, registration.since = state, clock.now()
    registration.decided_by = registration.reason = None


async def tell(
    session: AsyncSession, planned: PlannedMeeting, kind: str, registration: UUID, person: UUID | None, **more: str
) -> None:
    """Append to the staff log what became of a registration."""
    await record.append(
        session, planned.consultation_id, kind, registration, meeting=planned.id, person=person, **more
    )  # fmt: skip
