"""What a person says to a meeting to come: they register, cannot come, or take back what they said."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, text
from app.accounts.people import background_of
from app.language import gettext as _
from app.language import number
from app.meetings import queue
from app.meetings.planned_models import PlannedMeeting, Registration
from app.meetings.plans import checked_languages
from app.meetings.reports import Faults
from app.permissions import Actor, Thing, require

NEEDS_LIMIT = 1_000
HERE = ("placed", "waiting", "asked")  # the states of those who mean to come


@dataclass(frozen=True, slots=True)
class Coming:
    """How somebody means to come, and what they need for it."""

    attends: str = ""  # room, online; may be left out where there is only one
    speaks: tuple[str, ...] = ()
    interpretation: tuple[str, ...] = ()  # the languages into which they need it
    access_needs: str = ""


async def register(
    session: AsyncSession, actor: Actor, consultation: UUID, planned_id: UUID, given: Coming
) -> Registration:
    """Register for a meeting, or say anew what one needs there: with a place, on the waiting list, or as asked.

    Raises Unauthenticated, Forbidden, NotFound, Invalid; Closed where no registrations are taken (any more), Conflict
    where the organisers had no place for them.
    """
    require(actor, "meeting.join", Thing(consultation))
    planned = await queue.locked(session, consultation, planned_id)
    _require_to_come(planned)
    columns = _checked(given, planned)
    mine = await registration_of(session, planned, actor.person)
    if mine is not None and mine.state == "refused":
        raise errors.Conflict(_("The organisers had no place for you this time. Please write to them."))
    stays = mine is not None and mine.state in HERE and mine.attends == columns["attends"]
    if not stays:
        require_open(planned)
    if mine is None:
        mine = Registration(id=clock.new_id(), planned_id=planned.id, person_id=actor.person)
        session.add(mine)
    for name, value in columns.items():
        setattr(mine, name, value)
    if stays:
        await session.flush()
        await queue.tell(session, planned, "registration.changed", mine.id, actor.person)
        return mine
    await _enter_queue(session, planned, mine)
    return mine


async def decline(session: AsyncSession, actor: Actor, consultation: UUID, planned_id: UUID) -> Registration:
    """Say that one cannot come; a place that one had goes to who is next.

    Raises Unauthenticated, Forbidden, NotFound, Closed.
    """
    require(actor, "meeting.join", Thing(consultation))
    planned = await queue.locked(session, consultation, planned_id)
    _require_to_come(planned)
    mine = await registration_of(session, planned, actor.person)
    if mine is None:
        mine = Registration(id=clock.new_id(), planned_id=planned.id, person_id=actor.person, registered=clock.now())
        session.add(mine)
    elif mine.state in ("declined", "refused"):
        return mine
    queue.enter(mine, "declined")
    mine.attends, mine.speaks, mine.interpretation, mine.access_needs = queue.limited(planned), [], [], None
    await _set_background(session, mine)
    await session.flush()
    await queue.tell(session, planned, "registration.declined", mine.id, actor.person)
    await queue.move_up(session, planned)
    return mine


async def leave(session: AsyncSession, actor: Actor, consultation: UUID, planned_id: UUID) -> None:
    """Take back what one said, as if one never had; a place that one had goes to who is next.

    Raises Unauthenticated, NotFound; Conflict where the organisers have answered that there was no place.
    """
    require(actor, "meeting.leave", Thing(consultation, owner=actor.person))
    planned = await queue.locked(session, consultation, planned_id)
    mine = await registration_of(session, planned, actor.person)
    if mine is None:
        raise errors.NotFound(_("You are not registered for this meeting."))
    if mine.state == "refused":
        raise errors.Conflict(_("The organisers had no place for you this time: there is nothing to take back."))
    await session.delete(mine)
    await session.flush()
    await queue.tell(session, planned, "registration.left", mine.id, actor.person)
    await queue.move_up(session, planned)


async def registration_of(
    session: AsyncSession, planned: PlannedMeeting, person: UUID | None
) -> Registration | None:  # fmt: skip
    """What a person said to a meeting, None for nothing."""
    query = select(Registration).where(Registration.planned_id == planned.id, Registration.person_id == person)
    return (await session.scalars(query)).one_or_none()


def require_open(planned: PlannedMeeting) -> None:
    """Go on only while registrations are taken. Raises Closed."""
    if planned.registration == "none":
        raise errors.Closed(_("Nobody has to register for this meeting."))
    if not is_open(planned):
        raise errors.Closed(_("Registrations are no longer taken. Please write to the organisers."))


def is_open(planned: Any) -> bool:
    """Whether registrations are taken now, for this meeting or its view."""
    until = planned.deadline or planned.starts
    return planned.registration == "open" and planned.cancelled is None and clock.now() < until


def _require_to_come(planned: PlannedMeeting) -> None:
    if planned.cancelled is not None:
        raise errors.Closed(_("This meeting is cancelled."))
    if planned.starts <= clock.now():
        raise errors.Closed(_("This meeting has begun already, or is over."))


async def _enter_queue(session: AsyncSession, planned: PlannedMeeting, mine: Registration) -> None:
    """A place, if there is one, or the end of the queue; who changed how they attend leaves their place to the next."""
    mine.registered = clock.now()
    queue.enter(mine, "asked")
    await _set_background(session, mine)
    await session.flush()
    left = await queue.places_left(session, planned, mine.attends)
    if planned.places == "first_come":
        queue.enter(mine, "placed" if left is None or left > 0 else "waiting")
        await session.flush()
    await queue.tell(session, planned, "registration.made", mine.id, mine.person_id, state=mine.state)
    await queue.move_up(session, planned)


async def _set_background(session: AsyncSession, mine: Registration) -> None:
    assert mine.person_id is not None  # it is somebody's who acts now
    mine.organisation_kind, mine.organisation_region = await background_of(session, mine.person_id)


def _checked(given: Coming, planned: PlannedMeeting) -> dict[str, Any]:
    """The columns of a registration. Raises Invalid."""
    faults, ways = Faults(), ways_of(planned)
    attends = given.attends or (ways[0] if len(ways) == 1 else "")
    if attends not in ways:
        faults["attends"] = _("Please choose how you will come: to the place, or online.")
    try:
        needs = text.paragraphs(given.access_needs)
    except ValueError as fault:
        needs, faults["access_needs"] = "", _("This %(fault)s.", fault=fault)
    if len(needs) > NEEDS_LIMIT:
        said = {"count": number(len(needs)), "most": number(NEEDS_LIMIT)}
        faults["access_needs"] = _("This has %(count)s characters; at most %(most)s fit.", **said)
    columns = {
        "attends": attends,
        "speaks": checked_languages("speaks", given.speaks, faults),
        "interpretation": checked_languages("interpretation", given.interpretation, faults),
        "access_needs": needs or None,
    }
    faults.raise_any()
    return columns


def ways_of(planned: Any) -> tuple[str, ...]:
    """How one can come to this meeting, or that of its view: to the room, online, or either."""
    return (*(("room",) if planned.place else ()), *(("online",) if planned.online else ()))
