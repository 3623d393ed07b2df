"""What mails about meetings to come need to say, and to whom they go. Needs a write session.

Who is no member of a private consultation any more is told nothing of its meetings, nor where they are.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Person
from app.accounts.private_consultations import let_in
from app.consultations.models import Consultation
from app.meetings.planned_models import PlannedMeeting, Registration
from app.meetings.registering import HERE
from app.readings.spoken import title_in


@dataclass(frozen=True, slots=True)
class MeetingLetter:
    """A meeting as somebody who answered to it hears of it. The link is there only for those who have a place."""

    email: str
    language: str
    consultation: str
    contact: str | None
    title: str
    starts: datetime
    ends: datetime
    zone: ZoneInfo
    place: str | None  # for who comes to it
    link: str | None
    state: str
    decided: bool  # the organisers decide who gets a place
    reason: str | None  # of a refusal
    cancelled: str | None  # why it is
    path: str


async def registration_letter(session: AsyncSession, registration: UUID, person: UUID) -> MeetingLetter | None:
    """What became of a registration; None where it was taken back, or the meeting is cancelled."""
    query = _letters(person).where(Registration.id == registration, PlannedMeeting.cancelled.is_(None))
    row = (await session.execute(query.where(Registration.state != "declined"))).one_or_none()
    return _letter(row) if row is not None else None


async def meeting_letter(
    session: AsyncSession, planned: UUID, person: UUID, *, cancelled: bool
) -> MeetingLetter | None:  # fmt: skip
    """What a meeting is now, or that it is cancelled, for somebody who means to come; None where they no longer do, or
    it was cancelled since it changed."""
    query = _letters(person).where(PlannedMeeting.id == planned, Registration.state.in_(HERE))
    query = query.where(PlannedMeeting.cancelled.is_not(None) if cancelled else PlannedMeeting.cancelled.is_(None))
    row = (await session.execute(query)).one_or_none()
    return _letter(row) if row is not None else None


async def expected(session: AsyncSession, planned: UUID) -> list[UUID]:
    """Everybody who means to come to a meeting, with or without a place."""
    query = select(Registration.person_id).where(
        Registration.planned_id == planned, Registration.state.in_(HERE), Registration.person_id.is_not(None)
    )
    return [person for person in await session.scalars(query) if person is not None]


async def kept_registrations(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    """Those of these registrations that are kept, with who made them."""
    query = select(Registration.id).where(Registration.id.in_(ids), Registration.person_id.is_not(None))
    return set(await session.scalars(query))


async def kept_readers(session: AsyncSession, told: Collection[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Those of these pairs of a meeting and a person who are registered there."""
    query = select(Registration.planned_id, Registration.person_id).where(
        Registration.planned_id.in_({planned for planned, _person in told}), Registration.person_id.is_not(None)
    )
    return {(row.planned_id, row.person_id) for row in await session.execute(query)}.intersection(told)


def _letters(person: UUID) -> Select[Any]:
    return (
        select(
            Person.email, Person.language, Consultation.title.label("consultation"), Consultation.slug,
            Consultation.details, PlannedMeeting, Registration,
        )
        .select_from(Registration)
        .join(PlannedMeeting, PlannedMeeting.id == Registration.planned_id)
        .join(Consultation, Consultation.id == PlannedMeeting.consultation_id)
        .join(Person, and_(Person.id == Registration.person_id, Person.erased.is_(None), Person.email.is_not(None)))
        .where(Registration.person_id == person, let_in(Registration.person_id, Consultation.id))
    )  # fmt: skip


def _letter(row: Any) -> MeetingLetter:
    planned, mine = row.PlannedMeeting, row.Registration
    return MeetingLetter(
        email=row.email, language=row.language, consultation=title_in(row.language, row.consultation, row.details),
        contact=planned.contact or row.details.get("contact"), title=planned.title, starts=planned.starts,
        ends=planned.ends, zone=ZoneInfo(planned.time_zone), place=planned.place if mine.attends == "room" else None,
        link=planned.link if mine.state == "placed" else None, state=mine.state, decided=planned.places == "decided",
        reason=mine.reason, cancelled=planned.reason if planned.cancelled else None,
        path=f"/c/{row.slug}/meetings/{planned.id}",
    )  # fmt: skip
