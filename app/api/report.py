"""The report: the rapporteur's words, in the newest version or in an earlier one. No key is needed."""

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import Field

from app.api import auth, bodies, reading
from app.api.choosing import Choosing
from app.api.openapi import Slug, described
from app.api.report_schemas import PublishedReport
from app.readings.outcome import recommendations
from app.readings.outcome import report as readings

router = APIRouter(prefix="/consultations/{slug}", tags=["Outcome"])


class ReportQuery(Choosing):
    """Which version, in which language, and which fields of it."""

    shape = PublishedReport
    version: int | None = Field(None, ge=1, le=32_767, description="The newest, where none is named.")
    language: str | None = Field(
        None, max_length=35, description="One of its `languages`; where none is named, the one that it was written in."
    )


@router.get("/report", **described(PublishedReport, query=ReportQuery))
async def read_report(request: Request, slug: Slug) -> Response:
    """A version of the report. While none is published, and in a language that it does not have, 404."""
    asked = bodies.query(request, ReportQuery)
    await auth.caller(request)
    base, version = reading.base_of(request), await reading.latest(request, bodies.slug(slug))
    async with request.app.state.database.reading() as connection:
        said = await readings.text_of(connection, version.consultation, asked.version, asked.language)
        found = await readings.versions(connection, version.consultation)
        outcome = await recommendations.recommendations(connection, version.consultation)
        root = await readings.root_of(connection, version.consultation, said.as_of)
    content = readings.as_json(said, found, [each.number for each in outcome], root, (base, slug))
    tag = reading.tag_of(request, version) if root else None  # it comes in a few seconds, and the record stays as it is
    return await reading.answer(request, asked.of_one(orjson.dumps(content)), tag)
