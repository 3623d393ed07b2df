"""Who comes to a meeting: one's own registration, and for the organisers all of them. Needs a write session."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.accounts.countries import REGION_OF
from app.accounts.models import Person
from app.accounts.vocabulary import ORGANISATION_KINDS, REGIONS
from app.language import gettext as _
from app.meetings.planned_models import PlannedMeeting, Registration
from app.permissions import Actor, Thing, require
from app.readings.meetings.planned import PlannedView

_MOST = 2_000
STATES = ("asked", "placed", "waiting", "refused", "declined")


@dataclass(frozen=True, slots=True)
class OwnRegistration:
    """What somebody said to a meeting, for themselves; the link only while they have a place."""

    state: str
    attends: str
    speaks: Sequence[str]
    interpretation: Sequence[str]
    access_needs: str | None
    reason: str | None
    link: str | None


@dataclass(frozen=True, slots=True)
class ComerView:
    """One registration for the organisers. No address is shown to anybody."""

    id: UUID
    name: str
    organisation: str | None
    kind: str | None
    region: str | None
    country: str | None
    state: str
    attends: str
    speaks: Sequence[str]
    interpretation: Sequence[str]
    access_needs: str | None
    reason: str | None
    registered: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """How many of one region or kind (None: of no organisation) have a place, and how many wait for an answer."""

    key: str | None
    placed: int
    waiting: int
    hoped: bool  # the consultation hopes to hear them


@dataclass(frozen=True, slots=True)
class OrganisedMeeting:
    """A meeting for its organisers: with its link, and how many registrations there are in each state."""

    view: PlannedView
    link: str | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Attendance:
    """A meeting with who comes. A month after it nobody is left in `comers`, and the balance stays."""

    meeting: OrganisedMeeting
    comers: Sequence[ComerView]
    regions: Sequence[Share]
    kinds: Sequence[Share]


async def own_registration(session: AsyncSession, actor: Actor, planned: UUID) -> OwnRegistration | None:
    """What the actor said to a meeting; None for nothing."""
    query = select(Registration, PlannedMeeting.link).join(
        PlannedMeeting, PlannedMeeting.id == Registration.planned_id
    ).where(Registration.planned_id == planned, Registration.person_id == actor.person)  # fmt: skip
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    mine, link = row
    return OwnRegistration(
        mine.state, mine.attends, mine.speaks, mine.interpretation, mine.access_needs, mine.reason,
        link if mine.state == "placed" else None,
    )  # fmt: skip


async def organised(session: AsyncSession, actor: Actor, consultation: UUID) -> list[OrganisedMeeting]:
    """All meetings that were announced, the latest first. Raises Unauthenticated, Forbidden."""
    require(actor, "meeting.plan", Thing(consultation))
    query = select(PlannedMeeting).where(PlannedMeeting.consultation_id == consultation)
    rows = (await session.scalars(query.order_by(PlannedMeeting.starts.desc(), PlannedMeeting.id).limit(_MOST))).all()
    counts = await _counts(session, [row.id for row in rows])
    return [_organised(row, counts.get(row.id, {})) for row in rows]


async def attendance(
    session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, hoped_for: Mapping[str, Any] | None
) -> Attendance:
    """A meeting with all who answered, in the order of registering. Raises Unauthenticated, Forbidden, NotFound."""
    require(actor, "meeting.plan", Thing(consultation))
    planned = await session.get(PlannedMeeting, id)
    if planned is None or planned.consultation_id != consultation:
        raise errors.NotFound(_("There is no such meeting."))
    query = select(Registration, Person).outerjoin(Person, Person.id == Registration.person_id)
    query = query.where(Registration.planned_id == id).order_by(Registration.registered, Registration.id).limit(_MOST)
    rows = (await session.execute(query)).all()
    counts = Counter(registration.state for registration, _person in rows)
    registrations, hoped = [registration for registration, _person in rows], hoped_for or {}
    return Attendance(
        _organised(planned, counts),
        [_comer(registration, person) for registration, person in rows if person is not None],
        _shares(registrations, "organisation_region", REGIONS, hoped.get("regions", ())),
        _shares(registrations, "organisation_kind", ORGANISATION_KINDS, hoped.get("organisation_kinds", ())),
    )


async def held_about(
    session: AsyncSession, person: UUID, last: UUID | None, limit: int
) -> list[dict[str, Any]]:  # fmt: skip
    """What a person said to meetings, those after the registration `last`, as JSON-able values."""
    query = select(Registration, PlannedMeeting.title).join(
        PlannedMeeting, PlannedMeeting.id == Registration.planned_id
    ).where(Registration.person_id == person).order_by(Registration.id).limit(limit)  # fmt: skip
    rows = await session.execute(query.where(Registration.id > last) if last else query)
    return [
        {"id": str(row.id), "meeting": str(row.planned_id), "title": title, "state": row.state,
         "attends": row.attends, "speaks": row.speaks, "interpretation": row.interpretation,
         "access_needs": row.access_needs, "organisation_kind": row.organisation_kind,
         "organisation_region": row.organisation_region, "registered": clock.iso(row.registered),
         "since": clock.iso(row.since), "reason": row.reason}
        for row, title in rows
    ]  # fmt: skip


async def _counts(session: AsyncSession, meetings: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    query = (
        select(Registration.planned_id, Registration.state, func.count())
        .where(Registration.planned_id.in_(meetings))
        .group_by(Registration.planned_id, Registration.state)
    )
    counts: dict[UUID, dict[str, int]] = {}
    for meeting, state, number in await session.execute(query):
        counts.setdefault(meeting, {})[state] = number
    return counts


def _organised(row: PlannedMeeting, counts: Mapping[str, int]) -> OrganisedMeeting:
    columns = {name: getattr(row, name) for name in PlannedView.__dataclass_fields__ if name != "meeting"}
    return OrganisedMeeting(
        PlannedView(**columns, meeting=row.meeting_id), row.link, {state: counts.get(state, 0) for state in STATES}
    )


def _comer(row: Registration, person: Person) -> ComerView:
    region = person.organisation_region or REGION_OF.get(person.organisation_country or "")
    return ComerView(
        row.id, person.name or "", person.organisation_name, person.organisation_kind, region,
        person.organisation_country, row.state, row.attends, row.speaks, row.interpretation, row.access_needs,
        row.reason, row.registered,
    )  # fmt: skip


def _shares(
    registrations: Sequence[Registration], column: str, order: Sequence[str], hoped: Sequence[str]
) -> list[Share]:
    """One for each region or kind of which somebody answered, or is hoped for; those of no organisation at the end."""
    placed = Counter(getattr(each, column) for each in registrations if each.state == "placed")
    waiting = Counter(getattr(each, column) for each in registrations if each.state in ("asked", "waiting"))
    shares = [Share(key, placed[key], waiting[key], key in hoped) for key in (*order, None)]
    return [share for share in shares if share.placed or share.waiting or share.hoped]
