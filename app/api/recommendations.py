"""The outcome: recommendations with what they rest on, and what became of every contribution."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Request, Response

from app import errors
from app.api import auth, bodies, queries, reading
from app.api.choosing import Choosing
from app.api.openapi import Slug, described
from app.api.recommendation_schemas import CoveragePage, Covered, Recommendation, RecommendationPage
from app.language import gettext as _
from app.readings import cursors
from app.readings.outcome import coverage
from app.readings.outcome import recommendations as readings

router = APIRouter(prefix="/consultations/{slug}", tags=["Outcome"])
Number = Annotated[
    str, Path(description="The recommendation’s number.", json_schema_extra={"pattern": "^[1-9][0-9]{0,8}$"})
]


class RecommendationsQuery(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = Recommendation


class RecommendationQuery(Choosing, queries.Nothing):
    """Which fields of a recommendation."""

    shape = Recommendation


class CoverageQuery(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = Covered


@router.get(
    "/recommendations",
    **described(RecommendationPage, "By number.", query=RecommendationsQuery, headers={"Link": "The next page."}),
)
async def list_recommendations(request: Request, slug: Slug) -> Response:
    """The recommendations that are public: open for comment, or final. Each with what it rests on, as it stands now."""
    asked = bodies.query(request, RecommendationsQuery)
    await auth.caller(request)
    base, version = reading.base_of(request), await reading.latest(request, bodies.slug(slug))
    async with request.app.state.database.reading() as connection:
        found = await readings.recommendations(connection, version.consultation)
    part, following = reading.part(found, asked, f"{version.consultation}:recommendations")
    items = reading.texts(each.json(base, slug) for each in part)
    return await reading.page(request, asked, items, following, reading.tag_of(request, version))


@router.get("/recommendations/{number}", **described(Recommendation, query=RecommendationQuery))
async def read_recommendation(request: Request, slug: Slug, number: Number) -> Response:
    """One recommendation, in the version that is public."""
    asked = bodies.query(request, RecommendationQuery)
    await auth.caller(request)
    base, version = reading.base_of(request), await reading.latest(request, bodies.slug(slug))
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise errors.NotFound(_("There is no such recommendation."))
    async with request.app.state.database.reading() as connection:
        found = await readings.recommendation(connection, version.consultation, int(number))
    content = asked.of_one(orjson.dumps(found.json(base, slug)))
    return await reading.answer(request, content, reading.tag_of(request, version))


@router.get(
    "/coverage", **described(CoveragePage, "By number.", query=CoverageQuery, headers={"Link": "The next page."})
)
async def read_coverage(request: Request, slug: Slug) -> Response:
    """What became of every contribution: cited, set aside with a reason, or neither. Empty until one is final."""
    asked = bodies.query(request, CoverageQuery)
    await auth.caller(request)
    base, version = reading.base_of(request), await reading.latest(request, bodies.slug(slug))
    purpose = f"{version.consultation}:coverage"
    async with request.app.state.database.reading() as connection:
        final = await coverage.is_public(connection, version.consultation)
        wanted = coverage.Asked(after=cursors.unseal(purpose, asked.cursor)[0] if asked.cursor is not None else 0)
        found = await coverage.covered(connection, version.consultation, wanted, asked.limit + 1) if final else []
    part = found[: asked.limit]
    following = cursors.seal(purpose, [part[-1].number]) if len(found) > asked.limit else None
    items = reading.texts(each.json(f"{base}/c/{slug}/") for each in part)
    return await reading.page(request, asked, items, following, reading.tag_of(request, version))
