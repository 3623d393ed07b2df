"""To which institutions the outcome was sent. No key is needed; no address is ever given."""

from fastapi import APIRouter, Request, Response

from app.api import auth, bodies, queries, reading
from app.api.choosing import Choosing
from app.api.openapi import Slug, described
from app.api.sending_schemas import Sending, SendingPage
from app.readings.outcome import sent_outcome

router = APIRouter(prefix="/consultations/{slug}", tags=["Outcome"])


class SendingsQuery(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = Sending


@router.get(
    "/sendings", **described(SendingPage, "Oldest first.", query=SendingsQuery, headers={"Link": "The next page."})
)
async def list_sendings(request: Request, slug: Slug) -> Response:
    """The versions of report and summary that were sent to institutions: which, to whom, and when."""
    asked = bodies.query(request, SendingsQuery)
    await auth.caller(request)
    base, version = reading.base_of(request), await reading.latest(request, bodies.slug(slug))
    async with request.app.state.database.reading() as connection:
        found = await sent_outcome.sent(connection, version.consultation)
    part, following = reading.part(found, asked, f"{version.consultation}:sendings")
    items = reading.texts(each.json(base, slug) for each in part)
    return await reading.page(request, asked, items, following, reading.tag_of(request, version))
