"""`feed.atom` and `feed.json` of a consultation, a topic and a thread: what was said last; and of the outcome."""

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.discussion import contribution_feeds, thread
from app.readings.discussion.contribution_feeds import Followed
from app.readings.outcome import recommendation_feed
from app.readings.syndication import FORMS
from app.web.discussion.thread import numbered
from app.web.kit.visit import PUBLIC, VARY, Visit, Visiting, etag, version_of

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


@router.get("/c/{slug}/recommendations/feed.{form}")
async def of_recommendations(visit: Visiting, slug: str, form: str) -> Response:
    """The recommendations that are public, what changed last first."""
    here = f"{visit.base}{visit.request.url.path}"
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        _require(form)
        made = await recommendation_feed.feed(connection, consultation, _("Recommendations"), visit.base, here, form)
    return _answer(visit, consultation, made, form)


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
    _require(form)
    here = f"{visit.base}{visit.request.url.path}"
    made = await contribution_feeds.feed(connection, consultation, followed, visit.base, here, form)
    return _answer(visit, consultation, made, form)


def _require(form: str) -> None:
    if form not in FORMS:
        raise errors.NotFound(_("There is no such feed."))


def _answer(visit: Visit, consultation: ConsultationView, made: bytes, form: str) -> Response:
    headers = {"Cache-Control": PUBLIC, "Vary": VARY, "ETag": etag(version_of(consultation), visit.language)}
    return Response(made, media_type=FORMS[form], headers=headers)
