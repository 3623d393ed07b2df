"""`/c/{consultation}/{id}`: a text that has no number yet."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.readings import consultations
from app.web.discussion.own import own_entry
from app.web.discussion.thread import own_text, standing_of
from app.web.discussion.writing_place import public_view
from app.web.kit.entries import entry
from app.web.kit.visit import Visiting

router = APIRouter()


@router.get("/c/{slug}/{which}")
async def unnumbered(visit: Visiting, slug: str, which: str) -> Response:
    """A text that was never public, for its author and the moderators; for all others there is nothing here."""
    missing = errors.NotFound(_("There is no such page."))
    try:
        id = UUID(which)
    except ValueError:
        raise missing from None
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    own = await own_text(visit, id)
    if own is None or own.fields["consultation"] != slug:
        raise missing
    if own.fields["number"] is not None:
        return visit.go(f"/c/{slug}/{own.fields['number']}")
    topic = consultation.topic(own.fields["topic"])
    parent = None
    if own.fields["parent"]:
        async with visit.database.reading() as connection:
            parent = await public_view(connection, UUID(own.fields["parent"]))
    return visit.page(
        "discussion/waiting.html",
        consultation=consultation,
        topic=topic,
        own=own,
        mine=own_entry(own, consultation),
        is_author=own.mine,
        standing=await standing_of(visit, own),
        parent=entry(parent, consultation) if parent else None,
    )
