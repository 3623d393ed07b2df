"""The verifiable record: its checkpoint, the tiles of its tree and bundles of its entries (C2SP tlog-tiles)."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from app import errors
from app.api import auth, bodies, queries, reading
from app.api.openapi import Slug, described
from app.language import gettext as _
from app.readings.record import tiles
from app.readings.record.checkpoints import Signed, checkpoints_of
from app.readings.record.tiles import Log
from app.record.tiles import bundle, parsed_index, parsed_level

router = APIRouter(tags=["Record"])

_TEXT, _BYTES = "text/plain", "application/octet-stream"
_FOR_EVER = "public, max-age=31536000, immutable"
_NOTE = """\
plenary/record/0197f3c2-6f0e-7a53-9d4e-3c2b1a908f7e
20
kI6x0PTfh8V8y3k0b3fE1J6hXyY1l0p6tQm3zq5hW8c=

— plenary/record/0197f3c2-6f0e-7a53-9d4e-3c2b1a908f7e 1nYc8g…
"""
_KEY = "plenary/record/0197f3c2-6f0e-7a53-9d4e-3c2b1a908f7e+d6761cf2+AfUE…\n"
_Level = Annotated[str, Path(description="The level, 0 for hashes of entries.", examples=["0"])]
_Index = Annotated[
    str,
    Path(
        description="The tile’s index in groups of three digits, all but the last after an x (`x001/067`); of a tile "
        "that is not full, `.p/` and its width after it.",
        examples=["000.p/20"],
    ),
]
Read = Callable[[AsyncConnection, Log], Awaitable[bytes]]


@router.get(
    "/consultations/{slug}/record/checkpoint",
    response_class=Response,
    **described(None, "The newest checkpoint.", media_type=_TEXT, example=_NOTE),
)
async def record_checkpoint(request: Request, slug: Slug) -> Response:
    """Size and root of the record, signed (C2SP tlog-checkpoint). It covers a new entry within 10 seconds."""
    return await _plain(request, (await _signed(request, slug)).note)


@router.get(
    "/consultations/{slug}/record/key",
    response_class=Response,
    **described(None, "The verifier key.", media_type=_TEXT, example=_KEY),
)
async def record_key(request: Request, slug: Slug) -> Response:
    """The key that checkpoints are verified with. Note it down once: a key that changes is a sign."""
    return await _plain(request, f"{(await _signed(request, slug)).verifier}\n".encode())


@router.get(
    "/consultations/{slug}/record/tile/entries/{index:path}",
    response_class=Response,
    **described(None, "The bundle.", media_type=_BYTES, headers={"Cache-Control": "It never changes."}),
)
async def record_entries(request: Request, slug: Slug, index: _Index) -> Response:
    """Up to 256 entries, each after its length as two bytes, exactly as they are hashed (RFC 8785 JSON)."""
    number, width = _place(index)

    async def read(connection: AsyncConnection, log: Log) -> bytes:
        found = await tiles.entries(connection, log.id, number * 256, width)
        return bundle(found) if len(found) == width else b""

    return await _unchanging(request, slug, number, read)


@router.get(
    "/consultations/{slug}/record/tile/{level}/{index:path}",
    response_class=Response,
    **described(None, "The tile.", media_type=_BYTES, headers={"Cache-Control": "It never changes."}),
)
async def record_tile(request: Request, slug: Slug, level: _Level, index: _Index) -> Response:
    """Up to 256 hashes of 32 bytes, one after the other: of entries at level 0, of full tiles of the level below."""
    (number, width), height = _place(index), parsed_level(level)
    if height is None:
        raise errors.NotFound(_("Levels are numbers from 0 to 63."))

    async def read(connection: AsyncConnection, log: Log) -> bytes:
        found = await tiles.tile(connection, log.id, height, number, width)
        return found if len(found) == width * 32 else b""

    return await _unchanging(request, slug, number, read)


async def _signed(request: Request, slug: str) -> Signed:
    bodies.query(request, queries.Nothing)
    await auth.caller(request)
    state = request.app.state
    return await checkpoints_of(state, state.database).of(bodies.slug(slug))


def _place(index: str) -> tuple[int, int]:
    found = parsed_index(index)
    if found is None:
        raise errors.NotFound(_("This is not how tiles are addressed: see docs/record.md."))
    return found


async def _plain(request: Request, content: bytes) -> Response:
    return await _answer(request, content, f"{_TEXT}; charset=utf-8", reading.PUBLIC)


async def _unchanging(request: Request, slug: str, index: int, read: Read) -> Response:
    """What never changes once it is there. A sample can be removed and come again as another log: it is not kept."""
    bodies.query(request, queries.Nothing)
    await auth.caller(request)
    async with request.app.state.database.reading() as connection:
        log = await tiles.log(connection, bodies.slug(slug))
        content = await read(connection, log) if index < tiles.MOST else b""
    if not content:
        raise errors.NotFound(_("The record has no such tile, or does not have it yet."))
    return await _answer(request, content, _BYTES, reading.PUBLIC if log.sample else _FOR_EVER)


async def _answer(request: Request, content: bytes, media_type: str, kept: str) -> Response:
    headers = {} if reading.is_private(request) else {"cache-control": kept}
    return await reading.answer(request, content, headers=headers, media_type=media_type)
