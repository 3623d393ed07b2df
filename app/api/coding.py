"""What rapporteurs made of contributions: their codes, where these are, and gists."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from app.api import auth, bodies, queries, reading
from app.api.choosing import Choosing
from app.api.coding_schemas import Code, CodePage, Coding, CodingPage, Gist, GistPage
from app.api.openapi import READING, Slug, described
from app.consultations.floor import consultation_id
from app.readings.coding import code_book, codings, gists

router = APIRouter(prefix="/consultations/{slug}", tags=["Outcome"])
_NEXT = {"Link": "The next page."}


class CodesQuery(Choosing, queries.Paging):
    """How much of the code book, and which fields."""

    shape = Code


class GistsQuery(Choosing, queries.Paging):
    """How many gists, and which fields."""

    shape = Gist


class CodingsQuery(Choosing, queries.Paging):
    """Which codings, how many of them, and which fields."""

    shape = Coding

    code: UUID | None = Field(None, description="Id of a code.")
    contribution: UUID | None = Field(None, description="Id of a contribution.")
    coder: str | None = Field(None, pattern="^(you|[A-Z]{1,3})$", description="`you`, or a label.", examples=["A"])


@router.get(
    "/codes",
    **described(
        CodePage, "As they were made.", query=CodesQuery, errors=(*READING, "forbidden"), key="needed", headers=_NEXT
    ),
)
async def list_codes(request: Request, slug: Slug) -> Response:
    """The code book of a consultation, retired codes included. Needs a rapporteur’s key with the scope `moderate`."""
    actor = await auth.key_holder(request)
    given = bodies.query(request, CodesQuery)
    async with request.app.state.database.writing() as session:
        consultation = await consultation_id(session, bodies.slug(slug))
        items, following = await code_book.page(session, actor, consultation, given.limit, given.cursor)
    return await reading.page(request, given, reading.texts(items), following, None)


@router.get(
    "/codings",
    **described(
        CodingPage, "As they were made.", query=CodingsQuery, errors=(*READING, "forbidden"), key="needed",
        headers=_NEXT,
    ),
)  # fmt: skip
async def list_codings(request: Request, slug: Slug) -> Response:
    """Codes on contributions, of all rapporteurs: kept apart, and nobody named. Needs a rapporteur’s key with the scope
    `moderate`."""
    actor = await auth.key_holder(request)
    given = bodies.query(request, CodingsQuery)
    asked = codings.Asked(given.code, given.contribution, given.coder)
    async with request.app.state.database.writing() as session:
        consultation = await consultation_id(session, bodies.slug(slug))
        found, following = await codings.page(session, actor, consultation, asked, given.limit, given.cursor)
    return await reading.page(request, given, reading.texts(each.json() for each in found), following, None)


@router.get(
    "/gists",
    **described(GistPage, "By number.", query=GistsQuery, errors=(*READING, "forbidden"), key="needed", headers=_NEXT),
)
async def list_gists(request: Request, slug: Slug) -> Response:
    """What public contributions say, in one line of a rapporteur’s. Needs a rapporteur’s key with the scope
    `moderate`."""
    actor = await auth.key_holder(request)
    given = bodies.query(request, GistsQuery)
    async with request.app.state.database.writing() as session:
        consultation = await consultation_id(session, bodies.slug(slug))
        found, following = await gists.page(session, actor, consultation, given.limit, given.cursor)
    return await reading.page(request, given, reading.texts(each.json() for each in found), following, None)
