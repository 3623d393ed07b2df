"""(b) Pulling everything: the list of the API and the export, against COPY of the same columns."""

import asyncio
from urllib.parse import urlsplit

import asyncpg
import orjson

from bench.client import Client, Job
from bench.cpu import Span
from bench.seeding import SLUG
from bench.stand import Stand, get
from bench.table import Line, per_item

_LIST = f"/api/v1/consultations/{SLUG}/contributions?limit=1000"
_EXPORT = f"/api/v1/consultations/{SLUG}/export.jsonl"
_PAGES = 20  # of 1,000, asked for again and again
_MOST = 100_000  # contributions listed for one figure
_CONNECTIONS = 2
_COLUMNS = "number, seq, replies, endorsements, document"
_AS_TEXT = _COLUMNS.replace("document", "('{' || convert_from(document, 'UTF8'))::json AS document")


def measure(stand: Stand, client: Client) -> tuple[str, list[Line]]:
    """The lines of this part."""
    total = stand.shape.total
    plain = _copied(stand, f"SELECT {_COLUMNS} FROM publications", "binary")
    as_json = _copied(stand, f"SELECT row_to_json(one) FROM (SELECT {_AS_TEXT} FROM publications) AS one", "text")
    lines = [
        per_item("COPY of the same columns", total, plain),
        per_item("COPY of row_to_json of the same columns", total, as_json),
    ]
    pages = _pages(stand)
    turns = pages * max(1, min(total, _MOST) // (1000 * len(pages)))
    for encoding, most in (("identity", 10), ("gzip", None)):
        headers = {"Accept-Encoding": encoding}
        meter = stand.meter()
        client.run(Job(stand.port, turns, _CONNECTIONS, headers=headers)).require(200)
        lines.append(_against(f"list, limit=1000, {encoding}", 1000 * len(turns), meter.read(), plain, total, most))
    meter = stand.meter()
    client.run(Job(stand.port, [_EXPORT], headers={"Accept-Encoding": "identity"})).require(200)
    lines.append(_against("export.jsonl", total, meter.read(), plain, total, 6))
    return "(b) contributions pulled", lines


def _against(what: str, items: int, span: Span, copy: Span, total: int, most: int | None) -> Line:
    each = span.cpu / items
    aim = {"target": f"at most {most} µs", "met": each * 1e6 <= most} if most else {}
    return per_item(what, items, span, ratio=f"{each / (copy.cpu / total):.1f} × COPY", **aim)


def _copied(stand: Stand, query: str, form: str) -> Span:
    """What the database uses to send a query's rows as they are."""

    async def copy() -> Span:
        async def discard(_data: bytes) -> None:
            return None

        connection = await asyncpg.connect(stand.url)
        try:
            meter = stand.meter()
            await connection.copy_from_query(query, output=discard, format=form)
            return meter.read()
        finally:
            await connection.close()

    return asyncio.run(copy())


def _pages(stand: Stand) -> list[str]:
    """The addresses of the first pages of the list, as `next` gives them."""
    paths = [_LIST]
    while len(paths) < min(_PAGES, stand.shape.total // 1000):
        following = urlsplit(orjson.loads(get(stand.port, paths[-1])[1])["next"])
        paths.append(f"{following.path}?{following.query}")
    return paths
