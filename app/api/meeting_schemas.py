"""The shapes of answers about meetings and sources, for documentation and tests."""

import datetime as dt
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.api.schemas import Contribution, Shape, Status

Said = Literal["report-back", "floor"]


class Meeting(Shape):
    """A meeting of so many people. It is public while at least one contribution from it is."""

    id: UUID
    url: str
    consultation: str
    title: str
    date: dt.date
    place: str
    attendance: int | None = Field(description="People who were there, whatever the number of contributions.")
    organisations: int | None
    held_by: str | None
    rapporteur: str | None
    contributions: int = Field(description="Public contributions that were said there.")
    report_back: int
    floor: int


class MeetingPage(Shape):
    """Meetings, newest first."""

    items: list[Meeting]
    next: str | None


class WholeMeeting(Meeting):
    """A meeting with its public contributions, in the order of the report."""

    items: list[Contribution]


class ReportedPoint(Shape):
    """One point of a report, as it stands."""

    id: UUID
    number: int | None
    status: Status
    said: Said


class ReportedMeeting(Meeting):
    """A meeting as who reported it is answered."""

    points: list[ReportedPoint]


class AskedSource(Shape):
    """A source that was asked. The address is not given back."""

    id: UUID
    contribution: UUID
    created: dt.datetime
    expires: dt.datetime
