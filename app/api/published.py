"""What organisers publish: documents and notices. No key is needed."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from app.api import auth, bodies, queries, reading
from app.api.choosing import Choosing
from app.api.openapi import Slug, described
from app.api.published_schemas import Document, DocumentPage, Notice, NoticePage
from app.readings import consultations, versions
from app.readings.consultation_views import ConsultationView
from app.readings.organising import documents, notices
from app.readings.organising.documents import DocumentView
from app.readings.organising.notices import NoticeView

router = APIRouter(tags=["Consultations"])
Read = Callable[[AsyncConnection, ConsultationView], Awaitable[Sequence[DocumentView | NoticeView]]]


class ItsDocuments(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = Document


class ItsNotices(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = Notice


@router.get(
    "/consultations/{slug}/documents",
    **described(DocumentPage, "In their order.", query=ItsDocuments, headers={"Link": "The next page."}),
)
async def list_documents(request: Request, slug: Slug) -> Response:
    """The organisers' documents, with every version of every file."""
    return await _listed(request, slug, bodies.query(request, ItsDocuments), "documents", documents.documents)


@router.get(
    "/consultations/{slug}/notices",
    **described(NoticePage, "Newest first.", query=ItsNotices, headers={"Link": "The next page."}),
)
async def list_notices(request: Request, slug: Slug) -> Response:
    """The organisers' notices and next steps; of what was taken back, that it was."""
    return await _listed(request, slug, bodies.query(request, ItsNotices), "notices", notices.notices)


async def _listed(request: Request, slug: str, asked: Any, purpose: str, read: Read) -> Response:
    await auth.caller(request)
    base, name = reading.base_of(request), bodies.slug(slug)
    async with request.app.state.database.reading() as connection:
        tag = reading.tag_of(request, await versions.version(connection, name))
        if reading.is_known(request, tag):
            return reading.unchanged(request, tag)
        consultation = await consultations.consultation(connection, name)
        found = await read(connection, consultation)
    part, following = reading.part(found, asked, f"{consultation.id}:{purpose}")
    items = reading.texts(each.json(base, name) for each in part)
    return await reading.page(request, asked, items, following, tag)
