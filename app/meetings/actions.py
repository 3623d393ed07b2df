"""What was said elsewhere, entered. Each verb: require, change, append to the record, return.

Moderators enter what came in rooms, on paper or from others' processes: it is public at once, as their notes are. A
participant who speaks for an organisation reports a meeting that it held: its points wait in the queue.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.accounts.byline import signature_of
from app.consultations.floor import floors_of
from app.contributions import transcripts
from app.contributions.channels import OF_OTHERS
from app.contributions.sent_before import already_posted, require_same
from app.language import gettext as _
from app.meetings import holding
from app.meetings.composing import Setting, checked_point, transcriber
from app.meetings.models import Meeting, MeetingPoint
from app.meetings.reports import Faults, Report, Transcription, checked_meeting, checked_source
from app.permissions import Actor, Thing, may, require

if TYPE_CHECKING:
    from app.contributions.models import Contribution


async def report(
    session: AsyncSession, actor: Actor, consultation: UUID, given: Report, *, id: UUID | None = None
) -> Meeting:
    """A meeting with many points; each becomes a contribution. With `id`, a second report of the same is the first.

    Raises Unauthenticated, Forbidden, Invalid, Closed, Conflict.
    """
    at_once = may(actor, "contribution.transcribe", Thing(consultation))
    if not at_once:
        require(actor, "meeting.report", Thing(consultation))
    assert actor.person is not None  # required
    if id is not None and (earlier := await _reported(session, actor.person, id)):
        return earlier
    held_by = None if at_once else await _organisation(session, actor.person)
    faults = Faults()
    planned = await holding.planned_to_report(session, consultation, given, faults, at_once=at_once)
    columns = checked_meeting(given, faults)
    columns["held_by"] = held_by or columns["held_by"]
    meeting = Meeting(id=id or clock.new_id(), consultation_id=consultation, reported_by=actor.person, **columns)
    floors = {floor.topic_slug: floor for floor in (await floors_of(session, consultation)).values()}
    setting = Setting(
        "meeting", columns["date"], columns["place"], await transcriber(session, actor, consultation, given.signed),
        shown(meeting), given.language,
    )  # fmt: skip
    made = [
        checked_point(point, setting, floors, faults, ("points", str(index)))
        for index, point in enumerate(given.points)
    ]
    faults.raise_any()
    texts = [each for each in made if each is not None]
    for floor in {each.floor.topic: each.floor for each in texts}.values():
        transcripts.require_time(floor, columns["date"], at_once=at_once)
    session.add(meeting)
    await session.flush()
    if planned is not None:
        planned.meeting_id = meeting.id
    await transcripts.take_in(session, actor.person, consultation, texts, at_once=at_once)
    for position, each in enumerate(texts):
        session.add(_point(meeting.id, each.id, position, each.provenance))
    await session.flush()
    return meeting


async def transcribe(
    session: AsyncSession, actor: Actor, consultation: UUID, given: Transcription, *, id: UUID | None = None
) -> "Contribution":
    """One text that came in a room, on paper or from another organisation's own process: public at once.

    Raises Unauthenticated, Forbidden, Invalid, Closed, Conflict, SentBefore.
    """
    require(actor, "contribution.transcribe", Thing(consultation))
    assert actor.person is not None  # required
    earlier = await already_posted(session, actor, id) if id is not None else None
    faults = Faults()
    meeting = await _known(session, consultation, given, faults)
    said = meeting.date if meeting else faults.day("date", given.date)
    place = meeting.place if meeting else faults.line("place", given.place)
    source = checked_source(given, faults)
    by = await transcriber(session, actor, consultation, given.signed)
    setting = Setting(
        given.channel, said, place, by, shown(meeting) if meeting else None, given.point.language or "en",
        source, clock.now().date() if given.confirmed else None,
    )  # fmt: skip
    floors = {floor.topic_slug: floor for floor in (await floors_of(session, consultation)).values()}
    made = checked_point(given.point, setting, floors, faults, id=id)
    faults.raise_any()
    assert made is not None  # or there was a fault
    if earlier is not None:
        await require_same(session, earlier, made.given)
        return earlier
    transcripts.require_time(made.floor, said, at_once=True)
    [contribution] = await transcripts.take_in(session, actor.person, consultation, [made], at_once=True)
    if meeting is not None:
        last = await session.scalar(
            select(func.max(MeetingPoint.position)).where(MeetingPoint.meeting_id == meeting.id)
        )
        session.add(_point(meeting.id, contribution.id, (last or 0) + 1, made.provenance))
        await session.flush()
    return contribution


def shown(meeting: Meeting) -> dict[str, Any]:
    """A meeting as the provenance of each of its contributions shows it: one meeting of so many people."""
    return {
        "id": str(meeting.id), "title": meeting.title, "date": meeting.date.isoformat(), "place": meeting.place,
        "attendance": meeting.attendance, "organisations": meeting.organisations, "held_by": meeting.held_by,
    }  # fmt: skip


async def _reported(session: AsyncSession, person: UUID, id: UUID) -> Meeting | None:
    """The meeting with this id, if this person reported it already. Of two reports at once the second waits here."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(id), 0))))
    found = await session.get(Meeting, id)
    if found is not None and found.reported_by != person:
        raise errors.Conflict(_("This form was used before. Please open it again; your text is kept."))
    return found


async def _organisation(session: AsyncSession, person: UUID) -> str | None:
    """The organisation that a participant speaks for. Raises Forbidden where there is none."""
    try:
        return (await signature_of(session, person, "organisation")).organisation_name
    except errors.Invalid:
        raise errors.Forbidden(
            _("Meetings are reported by the organisation that held them. Your profile names none: please add it there.")
        ) from None


async def _known(session: AsyncSession, consultation: UUID, given: Transcription, faults: Faults) -> Meeting | None:
    """The meeting that a text was said at, where it was reported before."""
    if given.channel not in OF_OTHERS or given.meeting is None:
        return None
    found = await session.get(Meeting, given.meeting)
    if found is None or found.consultation_id != consultation:
        faults["meeting"] = _("There is no such meeting in this consultation.")
    elif given.channel != "meeting":
        faults["meeting"] = _("Only what was said at a meeting belongs to one.")
    else:
        return found
    return None


def _point(meeting: UUID, contribution: UUID, position: int, provenance: dict[str, Any]) -> MeetingPoint:
    return MeetingPoint(
        contribution_id=contribution, meeting_id=meeting, position=position, said=provenance["said"]
    )  # fmt: skip
