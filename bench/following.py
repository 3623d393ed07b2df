"""(g) Following a record of very many entries from the first to the last: the memory of the server stays as it is."""

import asyncio
import time

import asyncpg
import orjson

from bench import cpu
from bench.seeding import SLUG
from bench.stand import Stand, get
from bench.table import Line

_FIRST = f"/api/v1/consultations/{SLUG}/changes?after=0&limit=1000"
_MOST_GROWTH = 1.3
# Endorsements of what is there, given again and again: the reading of changes does not care what an entry tells.
_MORE = """
INSERT INTO entries (record_id, seq, public, time, kind, subject, payload, leaf)
SELECT r.id, r.size + n, true, now(), 'endorsement.given', p.contribution_id,
       jsonb_build_object('contribution', p.contribution_id), sha256(n::text::bytea)
FROM records r, generate_series(1, $1::int) n
JOIN (SELECT contribution_id, row_number() OVER () AS place, count(*) OVER () AS among FROM publications) p
  ON p.place = 1 + n % p.among
WHERE r.log = 'public'
"""
_GROWN = "UPDATE records SET size = size + $1::int WHERE log = 'public'"


def measure(stand: Stand, entries: int) -> tuple[str, list[Line]]:
    """The lines of this part. The stand's record is made longer by so many entries: it is good for nothing else."""
    asyncio.run(_lengthened(stand.url, entries))
    get(stand.port, _FIRST)
    before = [cpu.resident(worker) for worker in stand.workers()]
    started, seen, at = time.perf_counter(), 0, _FIRST
    while items := (page := orjson.loads(get(stand.port, at)[1]))["items"]:
        seen += len(items)
        at = "/api/" + page["next"].partition("/api/")[2]
    seconds = time.perf_counter() - started
    after = [cpu.resident(worker) for worker in stand.workers()]
    most = max(late / early for early, late in zip(before, after, strict=True))
    return f"(g) {seen:,} entries followed from the first, a thousand at a time", [
        Line("one client", "", f"{seen / seconds:,.0f}"),
        Line(
            "resident memory of a worker, before and after", f"{max(before):.0f}, {max(after):.0f} MB", "",
            f"{most:.2f} × before", f"at most {_MOST_GROWTH}", most <= _MOST_GROWTH,
        ),
    ]  # fmt: skip


async def _lengthened(url: str, entries: int) -> None:
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute(_GROWN, entries)
            await connection.execute(_MORE.replace("r.size + n", "r.size - $1::int + n"), entries)
    finally:
        await connection.close()
