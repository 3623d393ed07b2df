"""`/c/{consultation}/documents`: the organisers' papers, with each language; and the files, saved and never shown."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.readings import consultations
from app.readings.organising import documents as readings
from app.web.kit import served
from app.web.kit.visit import Visiting, version_of

router = APIRouter()


@router.get("/c/{slug}/documents")
async def listed(visit: Visiting, slug: str) -> Response:
    """All documents of a consultation, in the organisers' order."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await readings.documents(connection, consultation)
    return visit.public("public/documents.html", version_of(consultation), consultation=consultation, documents=found)


@router.get("/c/{slug}/documents/{id}")
async def one(visit: Visiting, slug: str, id: UUID) -> Response:
    """One document with every version of every file."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await readings.document(connection, consultation, id)
    return visit.public("public/document.html", version_of(consultation), consultation=consultation, document=found)


@router.get("/documents/{id}")
async def file(visit: Visiting, id: UUID) -> Response:
    """A file that is public."""
    async with visit.database.reading() as connection:
        found = await readings.served(connection, id)
    return await served.sent(visit, found)
