"""Meetings and transcriptions that the tests enter. Who speaks in them is sample data."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from app.contributions.models import Contribution, Revision
from app.contributions.transcripts import Speaker
from app.database import Database
from app.meetings import actions
from app.meetings.models import Meeting, MeetingPoint
from app.meetings.reports import Consent, Point, Report, Transcription
from app.permissions import Actor
from tests.making import AFTER, Made

BACK = Point("City desks for newcomers.", questions=("inclusion.a",), kind="proposal", said="report-back")
NAMED = Point(
    "We map skills already.", questions=("diasporas.a",), said="floor", consent=Consent("name", "spoken"),
    speaker=Speaker("Sample speaker", "Sample association", "diaspora", "PH"),
)  # fmt: skip
GROUP = Point(
    "Matching grants would help.", topic=AFTER, said="floor", consent=Consent("organisation", "written"),
    speaker=Speaker(organisation="Sample union", organisation_kind="union"),
)  # fmt: skip
REPORT = Report(
    "Meeting in Quezon City", "2016-09-13", "Quezon City, Philippines", attendance=22, organisations=11,
    points=(BACK, NAMED, GROUP),
)  # fmt: skip
PAPER = Transcription("paper", BACK, "2016-09-01", "Manila")


async def report(
    database: Database, made: Made, given: Report = REPORT, actor: Actor | None = None, **more: Any
) -> Meeting:
    """Report as the moderator, unless somebody else is named."""
    async with database.writing() as session:
        return await actions.report(session, actor or made.moderator, made.id, given, **more)


async def transcribe(
    database: Database, made: Made, given: Transcription = PAPER, actor: Actor | None = None, **more: Any
) -> Contribution:
    """Enter one text as the moderator."""
    async with database.writing() as session:
        return await actions.transcribe(session, actor or made.moderator, made.id, given, **more)


async def points(database: Database, meeting: Meeting) -> list[Contribution]:
    """The contributions of a meeting, in order."""
    query = (
        select(Contribution)
        .join(MeetingPoint, MeetingPoint.contribution_id == Contribution.id)
        .where(MeetingPoint.meeting_id == meeting.id)
        .order_by(MeetingPoint.position)
    )
    async with database.writing() as session:
        return list((await session.scalars(query)).all())


async def waiting(database: Database, contribution: Contribution) -> Revision:
    """Its newest revision."""
    async with database.writing() as session:
        query = select(Revision).where(
            Revision.contribution_id == contribution.id, Revision.number == contribution.latest
        )
        return (await session.scalars(query)).one()


def with_point(point: Point) -> Report:
    """A report of one point."""
    return replace(REPORT, points=(point,))
