"""Everything public of a consultation in one answer, in four formats, in constant memory; and what the columns mean."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from app.api import auth, bodies, queries, reading
from app.api.export_schemas import ExportManifest
from app.api.openapi import Slug, described
from app.readings.exporting import csv_rows
from app.readings.exporting.export import chunks
from app.readings.exporting.exports import FORMATS, MARKED_CSV, Format
from app.readings.exporting.manifests import manifest

router = APIRouter(tags=["Export"], default_response_class=StreamingResponse)
_SIZE = "Plenary-Record-Size"
_HEADERS = {_SIZE: "Entries in the record when the export began: `changes?after=` this makes it exact."}


@router.get(
    "/consultations/{slug}/export.jsonl",
    **described(None, "A contribution in each line.", headers=_HEADERS, media_type="application/jsonl"),
)
async def export_jsonl(request: Request, slug: Slug) -> Response:
    """All published contributions by number, one JSON object in each line."""
    bodies.query(request, queries.Nothing)
    return await _export(request, slug, "jsonl")


@router.get(
    "/consultations/{slug}/export.csv",
    **described(None, "A contribution in each row.", query=queries.Table, headers=_HEADERS, media_type="text/csv"),
)
async def export_csv(request: Request, slug: Slug) -> Response:
    """All published contributions by number, one row each; `export.codebook.csv` says what the columns mean."""
    bom = bodies.query(request, queries.Table).bom
    return await _export(request, slug, "csv", MARKED_CSV if bom else FORMATS["csv"])


@router.get(
    "/consultations/{slug}/export.parquet",
    **described(None, "The same columns, with types.", headers=_HEADERS, media_type=FORMATS["parquet"].media_type),
)
async def export_parquet(request: Request, slug: Slug) -> Response:
    """All published contributions by number, as Apache Parquet."""
    bodies.query(request, queries.Nothing)
    return await _export(request, slug, "parquet")


@router.get(
    "/consultations/{slug}/export.xlsx",
    **described(
        None, "A sheet of contributions, and a codebook.", headers=_HEADERS, media_type=FORMATS["xlsx"].media_type
    ),
)
async def export_xlsx(request: Request, slug: Slug) -> Response:
    """All published contributions by number, as a workbook for spreadsheets."""
    bodies.query(request, queries.Nothing)
    return await _export(request, slug, "xlsx")


@router.get(
    "/consultations/{slug}/export.codebook.csv",
    **described(None, "Name, type, meaning and values of each column.", media_type="text/csv"),
)
async def export_codebook(request: Request, slug: Slug) -> Response:
    """What each column of the tables means."""
    bodies.query(request, queries.Nothing)
    await auth.caller(request)
    tag = reading.tag_of(request, await reading.latest(request, bodies.slug(slug)))
    if reading.is_known(request, tag):
        return reading.unchanged(request, tag)
    headers = reading.headers_of(request, tag)
    return Response(csv_rows.codebook_file(), headers=headers, media_type=FORMATS["csv"].media_type)


@router.get(
    "/consultations/{slug}/export.manifest.json",
    response_class=Response,
    **described(ExportManifest, "Counts, time, licence and digest.", query=queries.Manifest),
)
async def export_manifest(request: Request, slug: Slug) -> Response:
    """What an export holds now and its SHA-256. To tell it, the export is made: it takes as long to fetch as that."""
    chosen = bodies.query(request, queries.Manifest).format
    await auth.caller(request)
    version = await reading.latest(request, bodies.slug(slug))
    if reading.is_known(request, tag := reading.tag_of(request, version)):
        return reading.unchanged(request, tag)
    made = await manifest(request.app.state.database, slug, reading.base_of(request), chosen)
    tag = reading.tag_of(request, replace(version, size=made["record_size"]))
    return await reading.answer(request, orjson.dumps(made), tag)


async def _export(request: Request, slug: str, ending: str, chosen: Format | None = None) -> Response:
    chosen = chosen or FORMATS[ending]
    await auth.caller(request)
    database, base = request.app.state.database, reading.base_of(request)
    version = await reading.latest(request, bodies.slug(slug))
    tag = reading.tag_of(request, version)
    if reading.is_known(request, tag):
        return reading.unchanged(request, tag)
    parts = chosen.written(chunks(database, version.consultation, f"{base}/c/{slug}/"))
    headers: dict[str, Any] = {
        **reading.headers_of(request, tag), _SIZE: str(version.size),
        "content-disposition": f'attachment; filename="{slug}.{ending}"',
    }  # fmt: skip
    if request.method == "HEAD":
        return StreamingResponse(iter(()), headers=headers, media_type=chosen.media_type)
    return StreamingResponse(await _begun(parts), headers=headers, media_type=chosen.media_type)


async def _begun(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same parts, the first of which is there: what goes wrong before it is an answer of its own."""
    first = await anext(parts, b"")

    async def all_of_them() -> AsyncIterator[bytes]:
        yield first
        async for part in parts:
            yield part

    return all_of_them()
