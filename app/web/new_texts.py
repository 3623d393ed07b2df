"""`feed.atom` and `feed.json` of a consultation, a topic and a thread: what was said last."""

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.readings import consultations, contribution_feeds, thread
from app.readings.consultations import ConsultationView
from app.readings.contribution_feeds import Followed
from app.readings.syndication import FORMS
from app.web.thread import numbered
from app.web.visit import PUBLIC, VARY, Visit, Visiting, etag, version_of

router = APIRouter()


@router.get("/c/{slug}/feed.{form}")
async def of_consultation(visit: Visiting, slug: str, form: str) -> Response:
    """What was said last in a consultation."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        return await _feed(visit, connection, consultation, contribution_feeds.whole(consultation), form)


@router.get("/c/{slug}/topics/{topic_slug}/feed.{form}")
async def of_topic(visit: Visiting, slug: str, topic_slug: str, form: str) -> Response:
    """What was said last in a topic."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        return await _feed(visit, connection, consultation, contribution_feeds.topic(consultation, topic_slug), form)


@router.get("/c/{slug}/{which}/feed.{form}")
async def of_thread(visit: Visiting, slug: str, which: str, form: str) -> Response:
    """What was said last in the thread of a contribution that is public."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        focus, _topic = await thread.focus(connection, consultation.id, numbered(which))
        if focus.status != "published":
            raise errors.NotFound(_("There is no such feed."))
        return await _feed(visit, connection, consultation, contribution_feeds.thread(consultation, focus), form)


async def _feed(
    visit: Visit, connection: AsyncConnection, consultation: ConsultationView, followed: Followed, form: str
) -> Response:
    if form not in FORMS:
        raise errors.NotFound(_("There is no such feed."))
    here = f"{visit.base}{visit.request.url.path}"
    made = await contribution_feeds.feed(connection, consultation, followed, visit.base, here, form)
    headers = {"Cache-Control": PUBLIC, "Vary": VARY, "ETag": etag(version_of(consultation), visit.language)}
    return Response(made, media_type=FORMS[form], headers=headers)
