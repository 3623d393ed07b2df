"""The two-page summary, in the newest version or in an earlier one. No key is needed."""

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import Field

from app.api import auth, bodies, reading
from app.api.choosing import Choosing
from app.api.openapi import Slug, described
from app.api.summary_schemas import PublishedSummary
from app.readings.outcome import summary as readings

router = APIRouter(prefix="/consultations/{slug}", tags=["Outcome"])


class SummaryQuery(Choosing):
    """Which version, and which fields of it."""

    shape = PublishedSummary
    version: int | None = Field(None, ge=1, le=32_767, description="The newest, where none is named.")


@router.get("/summary", **described(PublishedSummary, query=SummaryQuery))
async def read_summary(request: Request, slug: Slug) -> Response:
    """A version of the summary. While none is published, 404."""
    asked = bodies.query(request, SummaryQuery)
    await auth.caller(request)
    base, version = reading.base_of(request), await reading.latest(request, bodies.slug(slug))
    async with request.app.state.database.reading() as connection:
        said = await readings.text_of(connection, version.consultation, asked.version)
        found = await readings.versions(connection, version.consultation)
    content = orjson.dumps(readings.as_json(said, found, base, slug))
    return await reading.answer(request, asked.of_one(content), reading.tag_of(request, version))
