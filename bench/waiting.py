"""(f) Waiting: a thousand requests wait for changes, somebody posts, and all are answered."""

import asyncio
import json
import time

import asyncpg
import orjson

from bench.client import Client, Job
from bench.seeding import SLUG
from bench.stand import Stand, get
from bench.table import Line

_WAITING = 1_000
_ROUNDS = 5
_SETTLE = 2.0  # seconds until all of them wait
_MOST_SECONDS, _MOST_CONNECTIONS = 0.5, 10
_HOME = f"/api/v1/consultations/{SLUG}"
_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'plenary'"

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def measure(stand: Stand, client: Client) -> tuple[str, list[Line]]:
    """The lines of this part. The stand is one that did nothing else: pools keep the connections they once needed."""
    took, before, held = asyncio.run(_rounds(stand, client))
    took.sort()
    late = took[int(len(took) * 0.99)]
    return f"(f) {_WAITING:,} requests wait for changes: time from sending a post to their answers", [
        Line(f"median of {_ROUNDS} rounds", f"{took[len(took) // 2] * 1e3:.0f} ms"),
        Line("p99", f"{late * 1e3:.0f} ms", target=f"under {_MOST_SECONDS * 1e3:.0f} ms", met=late < _MOST_SECONDS),
        Line("database connections of the server", str(held), target=f"at most {_MOST_CONNECTIONS}",
             met=held <= _MOST_CONNECTIONS),
        Line("  those that it had before, for comparison", str(before)),
    ]  # fmt: skip


async def _rounds(stand: Stand, client: Client) -> tuple[list[float], int, int]:
    """Seconds that each answer took in all rounds; connections to the database before, and at the most."""
    took: list[float] = []
    database = await asyncpg.connect(stand.url)
    before = held = int(await database.fetchval(_CONNECTIONS))
    there = [await asyncio.open_connection("127.0.0.1", stand.port) for _ in range(_WAITING)]
    try:
        for number in range(_ROUNDS):
            size = orjson.loads(get(stand.port, _HOME)[1])["size"]
            answers = [asyncio.create_task(_wait(stand.port, each, size)) for each in there]
            await asyncio.sleep(_SETTLE)
            if any(task.done() for task in answers):
                raise RuntimeError("somebody was answered before anything happened")
            started = time.perf_counter()
            await asyncio.to_thread(_post, stand, client, number)
            took += [ended - started for ended in await asyncio.gather(*answers)]
            held = max(held, await database.fetchval(_CONNECTIONS))
    finally:
        await database.close()
        for _reader, writer in there:
            writer.close()
    return took, before, held


async def _wait(port: int, connection: Connection, after: int) -> float:
    """When the answer was there. Raises RuntimeError for one without an entry."""
    reader, writer = connection
    writer.write(f"GET {_HOME}/changes?after={after}&wait=60 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    body = await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]))
    ended = time.perf_counter()
    if not head.startswith(b"http/1.1 200") or b"contribution.published" not in body:
        raise RuntimeError(f"not an entry: {head[:40]!r} {body[:200]!r}")
    return ended


def _post(stand: Stand, client: Client, number: int) -> None:
    body = json.dumps({
        "topic": "diasporas", "kind": "proposal", "language": "en", "title": f"Wake up {number}",
        "body": f"Something new, for those who wait: {time.time()}.",
    })  # fmt: skip
    bearer = [f"Bearer {stand.keys[0]}"]
    client.run(Job(stand.port, [f"{_HOME}/contributions"], 1, "POST", {}, [body], bearer)).require(201)
