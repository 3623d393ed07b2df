"""Meetings to come as anyone may read them: never their link, and never who comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock, errors
from app.language import gettext as _
from app.meetings.models import Meeting
from app.meetings.planned_models import PlannedMeeting
from app.readings.consultation_views import ConsultationView

_MOST = 1_000


@dataclass(frozen=True, slots=True)
class PlannedView:
    """A meeting that was announced; `meeting` is the one that was reported of it, once that is public."""

    id: UUID
    title: str
    about: str
    about_html: str
    starts: datetime
    ends: datetime
    time_zone: str
    place: str | None
    online: bool
    capacity: int | None
    registration: str
    deadline: datetime | None
    places: str
    contact: str | None
    languages: Sequence[str]
    documents: Sequence[Mapping[str, str]]
    sequence: int
    created: datetime
    updated: datetime
    cancelled: datetime | None
    reason: str | None
    meeting: UUID | None

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its times are shown."""
        return ZoneInfo(self.time_zone)

    @property
    def until(self) -> datetime | None:
        """The last moment to register; None where registrations are not taken."""
        return (self.deadline or self.starts) if self.registration == "open" and self.cancelled is None else None

    def is_to_come(self, consultation: ConsultationView) -> bool:
        """Whether it ends today in the consultation's zone, or later, and is not reported: a page is true for a day."""
        return self.meeting is None and self.ends >= _midnight(consultation)

    def json(self, base: str, slug: str) -> dict[str, Any]:
        """As the API gives it."""
        url = f"{base}/c/{slug}/meetings/{self.id}"
        return {
            "id": str(self.id), "url": url, "consultation": slug, "title": self.title, "about": self.about,
            "html": self.about_html, "starts": clock.iso(self.starts), "ends": clock.iso(self.ends),
            "time_zone": self.time_zone, "place": self.place, "online": self.online, "capacity": self.capacity,
            "registration": self.registration, "register_until": clock.iso(self.until), "places": self.places,
            "contact": self.contact, "languages": list(self.languages), "documents": list(self.documents),
            "calendar": f"{url}/calendar.ics", "sequence": self.sequence, "created": clock.iso(self.created),
            "updated": clock.iso(self.updated), "cancelled": clock.iso(self.cancelled), "reason": self.reason,
            "meeting": str(self.meeting) if self.meeting else None,
        }  # fmt: skip


COLUMNS = tuple(getattr(PlannedMeeting, name) for name in PlannedView.__dataclass_fields__ if name != "meeting")


async def planned_meetings(connection: AsyncConnection, consultation: UUID) -> list[PlannedView]:
    """All announced meetings of a consultation, in the order of time: those that are over or cancelled, too."""
    query = _announced(consultation).order_by(PlannedMeeting.starts, PlannedMeeting.id).limit(_MOST)
    return [PlannedView(*row) for row in await connection.execute(query)]


async def to_come(connection: AsyncConnection, consultation: ConsultationView, most: int) -> list[PlannedView]:
    """The next meetings of a consultation."""
    query = _announced(consultation.id).where(PlannedMeeting.ends >= _midnight(consultation), Meeting.id.is_(None))
    query = query.order_by(PlannedMeeting.starts, PlannedMeeting.id).limit(most)
    return [PlannedView(*row) for row in await connection.execute(query)]


async def planned_meeting(connection: AsyncConnection, consultation: UUID, id: UUID) -> PlannedView:
    """One announced meeting. Raises NotFound."""
    row = (await connection.execute(_announced(consultation).where(PlannedMeeting.id == id))).one_or_none()
    if row is None:
        raise errors.NotFound(_("There is no such meeting."))
    return PlannedView(*row)


def _announced(consultation: UUID) -> Select[Any]:
    """The reader sees a reported meeting once a point of it is public: until then it is none."""
    return (
        select(*COLUMNS, Meeting.id)
        .outerjoin(Meeting, Meeting.id == PlannedMeeting.meeting_id)
        .where(PlannedMeeting.consultation_id == consultation)
    )


def _midnight(consultation: ConsultationView) -> datetime:
    """When today began in the consultation's zone."""
    return datetime.combine(clock.now().astimezone(consultation.zone).date(), time(), consultation.zone)
