"""`/c/{consultation}/organisations`: the organisations that are named here in public; of each, what it said."""

from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.readings import consultations
from app.readings.organisations import organisations, texts_of
from app.web.discussion.consultation import EXCERPT
from app.web.kit.entries import entry
from app.web.kit.visit import Visiting, version_of

router = APIRouter()


@router.get("/c/{slug}/organisations")
async def listed(visit: Visiting, slug: str) -> Response:
    """All of them, by name."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await organisations(connection, consultation)
    return visit.public(
        "public/organisations.html", version_of(consultation), consultation=consultation, organisations=found.listed
    )


@router.get("/c/{slug}/organisations/{id}")
async def one(
    visit: Visiting, slug: str, id: UUID, before: int | None = Query(None, ge=1), show: str = ""
) -> Response:  # fmt: skip
    """What one published or, with `show=endorsed`, endorsed here, newest first. Raises NotFound."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = (await organisations(connection, consultation)).one(id)
        endorsed = show == "endorsed" or (not found.texts and show != "published")
        texts = await texts_of(connection, consultation.id, found.ids, endorsed=endorsed, before=before)
    if found.id != id:
        return visit.go(f"/c/{slug}/organisations/{found.id}")
    return visit.public(
        "public/organisation.html",
        version_of(consultation),
        consultation=consultation,
        organisation=found,
        endorsed=endorsed,
        items=[(entry(view, consultation), view.excerpt(EXCERPT)) for view in texts.items],
        next_before=texts.next_before,
    )
