"""`/c/{consultation}/documents`: the organisers' papers, with each language; and the files, saved and never shown."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.bucket.moving import content_of
from app.files.headers import headers_for
from app.readings import consultations
from app.readings import documents as readings
from app.web.visit import PRIVATE, PUBLIC, Visiting, version_of

router = APIRouter()


@router.get("/c/{slug}/documents")
async def listed(visit: Visiting, slug: str) -> Response:
    """All documents of a consultation, in the organisers' order."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await readings.documents(connection, consultation)
    return visit.public("documents.html", version_of(consultation), consultation=consultation, documents=found)


@router.get("/c/{slug}/documents/{id}")
async def one(visit: Visiting, slug: str, id: UUID) -> Response:
    """One document with every version of every file."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await readings.document(connection, consultation, id)
    return visit.public("document.html", version_of(consultation), consultation=consultation, document=found)


@router.get("/documents/{id}")
async def file(visit: Visiting, id: UUID) -> Response:
    """A file that is public. Its bytes never change, but it can be withdrawn: caches ask whether it is still there."""
    async with visit.database.reading() as connection:
        found = await readings.served(connection, id)
    kept = PUBLIC if visit.actor.person is None else PRIVATE  # members of a private consultation are signed in
    headers = {**headers_for(found.name), "Cache-Control": kept, "Vary": "Cookie", "ETag": f'"{found.hash}"'}
    if visit.request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    content = await content_of(found.content, found.bucket_key)
    return Response(content, headers=headers, media_type=found.type)
