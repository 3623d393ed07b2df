"""Everything public of a consultation in one answer, as JSON lines or CSV, in constant memory."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from app.api import auth, bodies, queries, reading
from app.api.openapi import Slug, described
from app.readings.csv_rows import HEADING, rows
from app.readings.export import chunks
from app.readings.json_texts import Texts

router = APIRouter(tags=["Export"], default_response_class=StreamingResponse)
_SIZE = "Plenary-Record-Size"
_HEADERS = {_SIZE: "Entries in the record when the export began: `changes?after=` this makes it exact."}


@router.get(
    "/consultations/{slug}/export.jsonl",
    **described(None, "A contribution in each line.", headers=_HEADERS, media_type="application/jsonl"),
)
async def export_jsonl(request: Request, slug: Slug) -> Response:
    """All published contributions by number, one JSON object in each line."""
    return await _export(request, slug, "jsonl", "application/jsonl", Texts.lines)


@router.get(
    "/consultations/{slug}/export.csv",
    **described(None, "A contribution in each row.", headers=_HEADERS, media_type="text/csv"),
)
async def export_csv(request: Request, slug: Slug) -> Response:
    """All published contributions by number, one row each; columns and their meaning are in docs/api.md."""
    return await _export(request, slug, "csv", "text/csv; charset=utf-8; header=present", rows, HEADING)


async def _export(
    request: Request, slug: str, ending: str, media_type: str, written: Callable[[Texts], bytes],
    heading: bytes = b"",
) -> Response:  # fmt: skip
    bodies.query(request, queries.Nothing)
    await auth.caller(request)
    database, base = request.app.state.database, reading.base_of(request)
    version = await reading.latest(request, bodies.slug(slug))
    tag = reading.tag_of(request, version)
    if reading.is_known(request, tag):
        return reading.unchanged(request, tag)

    async def parts() -> AsyncIterator[bytes]:
        if heading:
            yield heading
        if request.method != "HEAD":
            async for texts in chunks(database, version.consultation, f"{base}/c/{slug}/"):
                yield written(texts)

    headers: dict[str, Any] = {
        **reading.headers_of(request, tag), _SIZE: str(version.size),
        "content-disposition": f'attachment; filename="{slug}.{ending}"',
    }  # fmt: skip
    return StreamingResponse(parts(), headers=headers, media_type=media_type)
