"""Meetings as anyone may read them, each with its contributions; and one as its reporter and the moderators see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import errors
from app.contributions.models import Contribution, Publication, Revision
from app.language import gettext as _
from app.meetings.models import Meeting, MeetingPoint
from app.permissions import Actor, Thing, may
from app.readings import json_texts
from app.readings.json_texts import Texts
from app.readings.views import ContributionView, view

_MOST = 1_000


@dataclass(frozen=True, slots=True)
class MeetingView:
    """One meeting of so many people, and how many public contributions were said there."""

    id: UUID
    title: str
    date: Any  # a day
    place: str
    attendance: int | None
    organisations: int | None
    held_by: str | None
    rapporteur: str | None
    report_back: int
    floor: int

    @property
    def contributions(self) -> int:
        """How many of its contributions are public."""
        return self.report_back + self.floor

    def json(self, base: str, slug: str) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "id": str(self.id), "url": f"{base}/c/{slug}/meetings/{self.id}", "consultation": slug,
            "title": self.title, "date": self.date.isoformat(), "place": self.place, "attendance": self.attendance,
            "organisations": self.organisations, "held_by": self.held_by, "rapporteur": self.rapporteur,
            "contributions": self.contributions, "report_back": self.report_back, "floor": self.floor,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PointView:
    """One point of a meeting, for its reporter and the moderators."""

    id: UUID
    number: int | None
    status: str
    title: str | None
    said: str


async def meetings(connection: AsyncConnection, consultation: UUID) -> list[MeetingView]:
    """The public meetings of a consultation, newest first."""
    query = _public(Meeting.consultation_id == consultation).order_by(Meeting.date.desc(), Meeting.id).limit(_MOST)
    return [MeetingView(*row) for row in await connection.execute(query)]


async def meeting(connection: AsyncConnection, consultation: UUID, id: UUID) -> MeetingView:
    """One public meeting. Raises NotFound."""
    query = _public(Meeting.consultation_id == consultation, Meeting.id == id)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise errors.NotFound(_("There is no such meeting."))
    return MeetingView(*row)


async def said_there(connection: AsyncConnection, meeting: UUID) -> list[tuple[ContributionView, str]]:
    """The public contributions of a meeting in the report's order, each with how it was said there."""
    rows = await connection.execute(
        _of(meeting, Publication.document, Publication.replies, Publication.endorsements, MeetingPoint.said)
    )
    return [(view(row[0], row[1], row[2]), row.said) for row in rows]


async def texts_of(connection: AsyncConnection, meeting: UUID, prefix: str) -> Texts:
    """The same as JSON texts."""
    return json_texts.texts((await connection.execute(_of(meeting, *json_texts.COLUMNS))).all(), prefix)


async def reported(
    session: AsyncSession, actor: Actor, consultation: UUID, id: UUID
) -> tuple[MeetingView, Sequence[PointView]]:
    """A meeting with all its points, public or not, for who reported it and for moderators. Raises NotFound."""
    row = await session.get(Meeting, id)
    mine = row is not None and actor.person is not None and row.reported_by == actor.person
    if row is None or row.consultation_id != consultation:
        raise errors.NotFound(_("There is no such meeting."))
    if not (mine or may(actor, "contribution.transcribe", Thing(consultation))):
        raise errors.NotFound(_("There is no such meeting."))
    query = (
        select(Contribution.id, Contribution.number, Contribution.status, Revision.title, MeetingPoint.said)
        .join(MeetingPoint, MeetingPoint.contribution_id == Contribution.id)
        .join(Revision, (Revision.contribution_id == Contribution.id) & (Revision.number == Contribution.latest))
        .where(MeetingPoint.meeting_id == id)
        .order_by(MeetingPoint.position)
    )
    points = [PointView(*found) for found in await session.execute(query)]
    public = [point.said for point in points if point.status == "published"]
    return MeetingView(
        row.id, row.title, row.date, row.place, row.attendance, row.organisations, row.held_by, row.rapporteur,
        public.count("report-back"), public.count("floor"),
    ), points  # fmt: skip


def as_reported(found: MeetingView, points: Sequence[PointView], base: str, slug: str) -> Mapping[str, Any]:
    """A meeting as the API answers who has just reported it."""
    return found.json(base, slug) | {
        "points": [
            {"id": str(point.id), "number": point.number, "status": point.status, "said": point.said}
            for point in points
        ]
    }


def _public(*where: Any) -> Select[*tuple[Any, ...]]:
    back, floor = (
        func.count().filter(MeetingPoint.said == said).label(said.replace("-", "_"))
        for said in ("report-back", "floor")
    )
    columns = (Meeting.id, Meeting.title, Meeting.date, Meeting.place, Meeting.attendance, Meeting.organisations,
               Meeting.held_by, Meeting.rapporteur)  # fmt: skip
    return (
        select(*columns, back, floor)
        .join(MeetingPoint, MeetingPoint.meeting_id == Meeting.id)
        .where(*where)
        .group_by(*columns)
    )


def _of(meeting: UUID, *columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .join(MeetingPoint, MeetingPoint.contribution_id == Publication.contribution_id)
        .where(MeetingPoint.meeting_id == meeting)
        .order_by(MeetingPoint.position)
        .limit(_MOST)
    )
