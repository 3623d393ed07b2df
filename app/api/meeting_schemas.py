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


class Document(Shape):
    """A paper for a meeting."""

    title: str
    url: str


class PlannedMeeting(Shape):
    """A meeting that was announced. The link to take part online is given only to those who have a place."""

    id: UUID
    url: str
    consultation: str
    title: str
    about: str = Field(description="Markdown as written: what it is for, and its programme.")
    html: str = Field(description="Sanitised.")
    starts: dt.datetime
    ends: dt.datetime
    time_zone: str = Field(description="IANA name of the zone in which its times are meant.")
    place: str | None
    online: bool
    capacity: int | None = Field(description="Of the room or, without one, of the meeting online; null: no limit.")
    registration: Literal["none", "open", "closed"] = Field(description="`none`: nobody has to register.")
    register_until: dt.datetime | None
    places: Literal["first_come", "decided"] = Field(description="`decided`: the organisers decide who gets one.")
    contact: str | None
    languages: list[str]
    documents: list[Document]
    calendar: str = Field(description="Address of the meeting as iCalendar.")
    sequence: int = Field(description="Grows with each change.")
    created: dt.datetime
    updated: dt.datetime
    cancelled: dt.datetime | None
    reason: str | None = Field(description="Why it was cancelled.")
    meeting: UUID | None = Field(description="The meeting that was reported of it, once that is public.")


class PlannedMeetingPage(Shape):
    """Announced meetings, by time."""

    items: list[PlannedMeeting]
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
