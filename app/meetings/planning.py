"""What organisers do with meetings to come: announce, change, cancel; and who gets a place, where they decide it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record, text
from app.consultations.zones import time_zones
from app.language import gettext as _
from app.language import number
from app.meetings import queue
from app.meetings.planned_models import PlannedMeeting, Registration
from app.meetings.plans import Plan, checked_plan
from app.meetings.reports import Faults
from app.permissions import Actor, Thing, require

REASON_LIMIT = 1_000
ACTS = {"place": "placed", "wait": "waiting", "refuse": "refused"}  # and the state that each leads to
_KINDS = {"placed": "registration.placed", "waiting": "registration.waits", "refused": "registration.refused"}
# What whoever means to come has to know at once.
_TOLD = frozenset(("title", "starts", "ends", "time_zone", "place", "online", "link"))


async def announce(
    session: AsyncSession, actor: Actor, consultation: UUID, given: Plan, *, id: UUID | None = None
) -> PlannedMeeting:  # fmt: skip
    """Announce a meeting to come: it is public at once. With `id`, a second one of the same is the first.

    Raises Unauthenticated, Forbidden, NotFound, Invalid, Conflict.
    """
    require(actor, "meeting.plan", Thing(consultation))
    if id is not None and (earlier := await _announced(session, actor, id)):
        return earlier
    columns = await _checked(session, consultation, given)
    planned = PlannedMeeting(
        id=id or clock.new_id(), consultation_id=consultation, planned_by=actor.person, sequence=0, **columns
    )
    session.add(planned)
    await session.flush()
    await record.append(session, consultation, "meeting.announced", planned.id)
    return planned


async def change(
    session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, given: Plan, based_on: int
) -> PlannedMeeting:
    """Say other things of a meeting; whoever means to come is told of another time, place or link.

    `based_on` is the sequence number of what was changed. Raises Unauthenticated, Forbidden, NotFound, Invalid;
    Conflict where somebody changed it meanwhile, or it is cancelled.
    """
    require(actor, "meeting.plan", Thing(consultation))
    planned = await queue.locked(session, consultation, id)
    _require_standing(planned)
    if planned.sequence != based_on:
        raise errors.Conflict(_("Somebody changed this meeting meanwhile. Please open it again and compare."))
    columns = await _checked(session, consultation, given, planned)
    changed = sorted(name for name, value in columns.items() if getattr(planned, name) != value)
    if not changed:
        return planned
    for name in changed:
        setattr(planned, name, columns[name])
    planned.sequence, planned.updated = planned.sequence + 1, clock.now()
    await session.flush()
    await _require_room(session, planned)
    told = [name for name in changed if name != "about_html"]
    await record.append(session, consultation, "meeting.changed", planned.id, changed=told)
    if not _TOLD.isdisjoint(told):
        await record.append(session, consultation, "meeting.told", planned.id, changed=told)
    await queue.move_up(session, planned)
    return planned


async def cancel(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, reason: str) -> PlannedMeeting:
    """Call a meeting off, with a reason for everyone to read; whoever meant to come is told.

    Raises Unauthenticated, Forbidden, NotFound, Invalid, and Conflict where it is cancelled, or over.
    """
    require(actor, "meeting.plan", Thing(consultation))
    planned = await queue.locked(session, consultation, id)
    _require_standing(planned)
    if planned.ends <= clock.now():
        raise errors.Conflict(_("This meeting is over: it cannot be cancelled any more."))
    planned.reason = _reason(reason, needed=_("Please say why: everyone can read it, and whoever registered is told."))
    planned.cancelled, planned.cancelled_by = clock.now(), actor.person
    planned.sequence, planned.updated = planned.sequence + 1, clock.now()
    await session.flush()
    await record.append(session, consultation, "meeting.cancelled", planned.id)
    await record.append(session, consultation, "meeting.told", planned.id, changed=["cancelled"])
    return planned


async def decide(
    session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, registrations: Collection[UUID], act: str,
    reason: str = "",
) -> None:  # fmt: skip
    """Give all of these a place, put them on the waiting list, or say “not this time”, for which a reason may be given.

    Each is told. Raises Unauthenticated, Forbidden, NotFound, Invalid; Conflict where there are fewer places than
    that, where somebody said that they cannot come, or it is too late.
    """
    require(actor, "meeting.plan", Thing(consultation))
    planned = await queue.locked(session, consultation, id)
    _require_standing(planned)
    if planned.ends <= clock.now():
        raise errors.Conflict(_("This meeting is over."))
    if act not in ACTS:
        raise errors.Invalid({"act": _("The act is one of %(choice)s.", choice=", ".join(ACTS))})
    if act == "wait" and planned.places == "first_come":
        raise errors.Conflict(_("Places go by the order of registering here: only who finds none left waits."))
    clean = _reason(reason) if act == "refuse" else None
    chosen = await _chosen(session, planned, registrations)
    moved = [each for each in chosen if each.state != ACTS[act]]
    for each in moved:
        queue.enter(each, ACTS[act])
        each.decided_by, each.reason = actor.person, clean
    await session.flush()
    await _require_room(session, planned, field=None)
    for each in moved:
        await queue.tell(session, planned, _KINDS[each.state], each.id, each.person_id)
    await queue.move_up(session, planned)


async def _announced(session: AsyncSession, actor: Actor, id: UUID) -> PlannedMeeting | None:
    """The meeting with this id, if this person announced it already. Of two at once the second waits here."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(id), 0))))
    found = await session.get(PlannedMeeting, id)
    if found is not None and found.planned_by != actor.person:
        raise errors.Conflict(_("This form was used before. Please open it again; your text is kept."))
    return found


async def _chosen(session: AsyncSession, planned: PlannedMeeting, ids: Collection[UUID]) -> list[Registration]:
    if not ids:
        raise errors.Invalid({"who": _("Please choose at least one person.")})
    query = select(Registration).where(Registration.planned_id == planned.id, Registration.id.in_(ids))
    found = list(await session.scalars(query.order_by(Registration.registered, Registration.id)))
    if len(found) != len(set(ids)):
        raise errors.NotFound(_("Somebody of these has taken their registration back. Please open the list again."))
    if any(each.state == "declined" for each in found):
        raise errors.Conflict(_("Somebody of these has said that they cannot come. Please open the list again."))
    return found


async def _checked(
    session: AsyncSession, consultation: UUID, given: Plan, before: PlannedMeeting | None = None
) -> dict[str, Any]:  # fmt: skip
    """The columns of a meeting. Raises NotFound, Invalid."""
    zone = (await time_zones(session)).get(consultation)
    if zone is None:
        raise errors.NotFound(_("There is no such consultation."))
    faults = Faults()
    columns = checked_plan(given, zone, faults)
    moved = before is None or columns["starts"] != before.starts
    if "starts" not in faults and moved and columns["starts"] <= clock.now():
        faults["starts"] = _("This time is past. A meeting that was held is reported, not planned.")
    faults.raise_any()
    return columns


async def _require_room(session: AsyncSession, planned: PlannedMeeting, field: str | None = "capacity") -> None:
    """Everybody who has a place fits in. Raises Invalid for the field, or Conflict where there is none."""
    await _attend_as_possible(session, planned)
    given = await queue.taken(session, planned)
    if planned.capacity is None or given <= planned.capacity:
        return
    if field is None:
        message = _("Places: %(capacity)s. This would give %(given)s of them: choose fewer people.",
                    capacity=number(planned.capacity), given=number(given))  # fmt: skip
        raise errors.Conflict(message)
    raise errors.Invalid({field: _("Places given already: %(given)s. It cannot be fewer.", given=number(given))})


async def _attend_as_possible(session: AsyncSession, planned: PlannedMeeting) -> None:
    """Where only a room is left, or only a link, everybody comes so."""
    if planned.place and planned.online:
        return
    stray = update(Registration).where(
        Registration.planned_id == planned.id, Registration.attends != queue.limited(planned)
    )
    await session.execute(stray.values(attends=queue.limited(planned)).execution_options(synchronize_session="fetch"))


def _require_standing(planned: PlannedMeeting) -> None:
    if planned.cancelled is not None:
        raise errors.Conflict(_("This meeting is cancelled."))


def _reason(given: str, needed: str = "") -> str | None:
    try:
        clean = text.paragraphs(given)
    except ValueError as fault:
        raise errors.Invalid({"reason": _("This %(fault)s.", fault=fault)}) from None
    if needed and not clean:
        raise errors.Invalid({"reason": needed})
    if len(clean) > REASON_LIMIT:
        said = {"count": number(len(clean)), "most": number(REASON_LIMIT)}
        raise errors.Invalid({"reason": _("This has %(count)s characters; at most %(most)s fit.", **said)})
    return clean or None
