"""`calendar.ics` of a consultation, and of each of its meetings: for the calendars of people."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.readings import calendars, consultations, planned
from app.readings.consultations import ConsultationView
from app.readings.icalendar import MEDIA_TYPE, Event, written
from app.web.visit import PUBLIC, VARY, Visit, Visiting, etag, version_of

router = APIRouter()


@router.get("/c/{slug}/calendar.ics")
async def of_consultation(visit: Visiting, slug: str) -> Response:
    """When the consultation and its topics open and close, and its meetings."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        meetings = await planned.planned_meetings(connection, consultation.id)
        changed = await calendars.defined_when(connection, consultation)
    events = calendars.all_events(consultation, meetings, changed, visit.base)
    return _calendar(visit, consultation, consultation.title, events)


@router.get("/c/{slug}/meetings/{id:uuid}/calendar.ics")
async def of_meeting(visit: Visiting, slug: str, id: UUID) -> Response:
    """One meeting."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await planned.planned_meeting(connection, consultation.id, id)
    event = calendars.of_meeting(found, consultation, visit.base)
    return _calendar(visit, consultation, found.title, [event])


def _calendar(visit: Visit, consultation: ConsultationView, name: str, events: list[Event]) -> Response:
    url = f"{visit.base}{visit.request.url.path}"
    headers = {
        "Cache-Control": PUBLIC, "Vary": VARY, "ETag": etag(version_of(consultation), visit.language),
        "Content-Disposition": f'inline; filename="{consultation.slug}.ics"',
    }  # fmt: skip
    return Response(written(name, url, events), headers=headers, media_type=MEDIA_TYPE)
