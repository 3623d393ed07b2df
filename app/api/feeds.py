"""What was said last in a consultation, for feed readers."""

from fastapi import APIRouter, Request, Response

from app.api import auth, bodies, queries, reading
from app.api.openapi import Slug, described
from app.readings import consultations
from app.readings.discussion import contribution_feeds
from app.readings.syndication import FORMS

router = APIRouter(tags=["Contributions"])


@router.get(
    "/consultations/{slug}/feed.atom",
    **described(None, "The newest fifty.", media_type=FORMS["atom"].partition(";")[0]),
)
async def atom(request: Request, slug: Slug) -> Response:
    """The newest contributions as an Atom feed (RFC 4287); a topic and a thread have theirs beside their pages."""
    return await _feed(request, slug, "atom")


@router.get(
    "/consultations/{slug}/feed.json",
    **described(None, "The newest fifty.", media_type=FORMS["json"].partition(";")[0]),
)
async def json(request: Request, slug: Slug) -> Response:
    """The newest contributions as a JSON Feed 1.1."""
    return await _feed(request, slug, "json")


async def _feed(request: Request, slug: str, form: str) -> Response:
    bodies.query(request, queries.Nothing)
    await auth.caller(request)
    tag = reading.tag_of(request, await reading.latest(request, bodies.slug(slug)))
    if reading.is_known(request, tag):
        return reading.unchanged(request, tag)
    base = reading.base_of(request)
    async with request.app.state.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        followed = contribution_feeds.whole(consultation)
        made = await contribution_feeds.feed(connection, consultation, followed, base, base + request.url.path, form)
    return await reading.answer(request, made, tag, media_type=FORMS[form])
