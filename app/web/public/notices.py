"""`/c/{consultation}/notices`: what the organisers announce, newest first, each at an address of its own."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.readings import consultations
from app.readings.organising import notices as readings
from app.web.kit.visit import Visiting, version_of

router = APIRouter()


@router.get("/c/{slug}/notices")
async def listed(visit: Visiting, slug: str) -> Response:
    """All notices of a consultation."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await readings.notices(connection, consultation)
    return visit.public(
        "public/notices.html", version_of(consultation), consultation=consultation, notices=found, one=False
    )


@router.get("/c/{slug}/notices/{id}")
async def one(visit: Visiting, slug: str, id: UUID) -> Response:
    """One notice; of one that was taken back, that it was, and why."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await readings.notice(connection, consultation, id)
    return visit.public(
        "public/notices.html", version_of(consultation), consultation=consultation, notices=[found], one=True
    )
