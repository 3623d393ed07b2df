"""Meetings to come that the tests announce. Their titles and places are sample data."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.clock import now
from app.database import Database
from app.meetings import planning, registering
from app.meetings.planned_models import PlannedMeeting, Registration
from app.meetings.plans import Plan
from app.meetings.registering import Coming
from app.permissions import Actor
from tests.making import Made

LINK = "https://meet.example.org/secret-room"
PLAN = Plan(
    "Sample opening meeting", "What we begin with.\n\n- 14:30 Welcome", "2031-05-03T14:30", "2031-05-03T16:00",
    time_zone="Asia/Manila", place="Sample hall, Quezon City", capacity=1, deadline="2031-05-02T18:00",
    languages=("en", "es"), documents="Sample agenda https://example.org/agenda.pdf", contact="hall@example.org",
)  # fmt: skip
BOTH = replace(PLAN, online=True, link=LINK)
NEEDS = "A ramp, please."
COMING = Coming("room", ("en", "fil"), ("es",), NEEDS)


async def announce(database: Database, made: Made, given: Plan = PLAN, **more: Any) -> PlannedMeeting:
    """Announce as the organiser."""
    async with database.writing() as session:
        return await planning.announce(session, made.organiser, made.id, given, **more)


async def change(database: Database, made: Made, planned: PlannedMeeting, given: Plan, based_on: int) -> None:
    """Change as the organiser."""
    async with database.writing() as session:
        await planning.change(session, made.organiser, made.id, planned.id, given, based_on)


async def register(
    database: Database, made: Made, planned: PlannedMeeting, actor: Actor, given: Coming = COMING
) -> Registration:
    """Register as somebody."""
    async with database.writing() as session:
        return await registering.register(session, actor, made.id, planned.id, given)


async def decide(
    database: Database, made: Made, planned: PlannedMeeting, act: str, *people: Actor, reason: str = ""
) -> None:
    """Decide as the organiser about what these people said."""
    async with database.writing() as session:
        ids = await _ids(database, planned, people)
        await planning.decide(session, made.organiser, made.id, planned.id, ids, act, reason)


async def states(database: Database, planned: PlannedMeeting) -> dict[UUID | None, str]:
    """The state of everybody who answered."""
    async with database.writing() as session:
        rows = await session.scalars(select(Registration).where(Registration.planned_id == planned.id))
        return {row.person_id: row.state for row in rows}


async def move(database: Database, planned: PlannedMeeting, **by: int) -> None:
    """As if the meeting had been so many days, hours … ago."""
    async with database.writing() as session:
        times = {"starts": now() - timedelta(**by), "ends": now() - timedelta(**by) + timedelta(seconds=1)}
        await session.execute(update(PlannedMeeting).where(PlannedMeeting.id == planned.id).values(times))


async def _ids(database: Database, planned: PlannedMeeting, people: tuple[Actor, ...]) -> list[UUID]:
    async with database.writing() as session:
        mine = Registration.person_id.in_([person.person for person in people])
        return list(await session.scalars(select(Registration.id).where(Registration.planned_id == planned.id, mine)))
