"""`calendar.ics` of a consultation, its topics, threads and meetings: for the calendars of people."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.discussion import thread
from app.readings.meetings import calendars, planned
from app.readings.meetings.icalendar import MEDIA_TYPE, Event, written
from app.readings.meetings.planned import PlannedView
from app.web.discussion.thread import numbered
from app.web.kit.visit import PUBLIC, VARY, Visit, Visiting, etag, version_of

router = APIRouter()


@router.get("/c/{slug}/calendar.ics")
async def of_consultation(visit: Visiting, slug: str) -> Response:
    """When the consultation and its topics open and close, and its meetings."""
    consultation, meetings, changed = await _dated(visit, slug)
    events = calendars.all_events(consultation, meetings, changed, visit.base)
    return _calendar(visit, consultation, consultation.title, events)


@router.get("/c/{slug}/topics/{topic_slug}/calendar.ics")
async def of_topic(visit: Visiting, slug: str, topic_slug: str) -> Response:
    """When one topic opens and closes, and the meetings."""
    consultation, meetings, changed = await _dated(visit, slug)
    topic = consultation.topic(topic_slug)
    events = calendars.of_topic(consultation, topic, meetings, changed, visit.base)
    return _calendar(visit, consultation, topic.title, events)


@router.get("/c/{slug}/{which}/calendar.ics")
async def of_thread(visit: Visiting, slug: str, which: str) -> Response:
    """Until when a thread takes replies: what its topic's calendar has, under the thread's name."""
    number = numbered(which)
    consultation, meetings, changed = await _dated(visit, slug)
    async with visit.database.reading() as connection:
        focus, topic = await thread.focus(connection, consultation.id, number)
    if focus.status != "published":
        raise errors.NotFound(_("There is no such contribution."))
    events = calendars.of_topic(consultation, consultation.topic_by_id(topic), meetings, changed, visit.base)
    return _calendar(visit, consultation, focus.title or _("Contribution %(n)s", n=number), events)


@router.get("/c/{slug}/meetings/{id:uuid}/calendar.ics")
async def of_meeting(visit: Visiting, slug: str, id: UUID) -> Response:
    """One meeting."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await planned.planned_meeting(connection, consultation.id, id)
    event = calendars.of_meeting(found, consultation, visit.base)
    return _calendar(visit, consultation, found.title, [event])


async def _dated(visit: Visit, slug: str) -> tuple[ConsultationView, list[PlannedView], datetime]:
    """The consultation, its meetings, and when it was last defined, in one snapshot."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        meetings = await planned.planned_meetings(connection, consultation.id)
        return consultation, meetings, await calendars.defined_when(connection, consultation)


def _calendar(visit: Visit, consultation: ConsultationView, name: str, events: list[Event]) -> Response:
    url = f"{visit.base}{visit.request.url.path}"
    headers = {
        "Cache-Control": PUBLIC, "Vary": VARY, "ETag": etag(version_of(consultation), visit.language),
        "Content-Disposition": f'inline; filename="{consultation.slug}.ics"',
    }  # fmt: skip
    return Response(written(name, url, events), headers=headers, media_type=MEDIA_TYPE)
