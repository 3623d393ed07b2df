"""(j) The page of a thread while ten thousand followers are mailed about a new contribution, and while nobody is."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from bench.client import Answered, Client, Job
from bench.seeding import SLUG, Shape
from bench.stand import Stand, free_port, running, say
from bench.table import Line

FOLLOWERS = 10_000
_CONNECTIONS = 4
_ROUND = 400  # pages: half of them as they are kept, half built anew
_ALONE = 4_000
_SLOWED = 3.0  # times at the most, of what hardly anybody waits for: one page in a hundred
_PATIENCE = 900.0
_POST = '{"topic": "diasporas", "kind": "proposal", "title": "News", "body": "A text.", "language": "en"}'
_PEOPLE = """
WITH made AS (
    INSERT INTO people (id, email, name, consented, created)
    SELECT gen_random_uuid(), 'follower-' || n || '@example.org', 'Sample follower ' || n, now(), now()
    FROM generate_series(1, $1::int) n RETURNING id
)
INSERT INTO subscriptions (id, person_id, consultation_id, scope, thing_id, pace, seen, since)
SELECT gen_random_uuid(), made.id, c.id, 'consultation', c.id, 'at_once', 0, now() FROM made, consultations c
WHERE c.slug = $2
"""
_LEFT = "SELECT count(*) FILTER (WHERE sent IS NULL), count(*) FROM deliveries WHERE kind = 'news'"


def measure(client: Client, folder: Path) -> tuple[str, list[Line]]:
    """The lines of this part. It has a stand of its own, which sends to a mail server that keeps nothing."""
    with _sink(), running(folder, Shape(10)) as stand:
        asyncio.run(_followed(stand.url))
        _read(client, stand, 0, _ROUND)  # so that both workers have imported and connected what they need
        alone = [_read(client, stand, turn, _ROUND) for turn in range(1, 1 + _ALONE // _ROUND)]
        _post(client, stand)
        started, meanwhile = time.monotonic(), []
        while left := asyncio.run(_left(stand.url)):
            say(f"… {left:,} mails are still to be sent")
            meanwhile.append(_read(client, stand, 1_000 + len(meanwhile), _ROUND))
            if time.monotonic() > started + _PATIENCE:
                raise SystemExit("The mails are not sent.")
        rate = FOLLOWERS / (time.monotonic() - started)
    before, with_mail = _p99(alone), _p99(meanwhile)
    ratio = with_mail / before
    return f"(j) a thread's page at the 99th percentile, with {FOLLOWERS:,} mails being sent and without", [
        Line("without", f"{before * 1e3:.1f} ms"),
        Line("with", f"{with_mail * 1e3:.1f} ms", f"{rate:,.0f} mails", f"{ratio:.1f} × without",
             f"at most {_SLOWED}", ratio <= _SLOWED),
    ]  # fmt: skip


def _read(client: Client, stand: Stand, turn: int, pages: int) -> Answered:
    roots = [stand.roots[at % len(stand.roots)] for at in range(pages)]
    paths = [f"/c/{SLUG}/{root}" + (f"?fresh={turn}-{at}" if at % 2 else "") for at, root in enumerate(roots)]
    return client.run(Job(stand.port, paths, _CONNECTIONS)).require(200)


def _post(client: Client, stand: Stand) -> None:
    job = Job(stand.port, [f"/api/v1/consultations/{SLUG}/contributions"], method="POST", bodies=[_POST],
              authorizations=[f"Bearer {stand.keys[0]}"])  # fmt: skip
    client.run(job).require(201)


def _p99(rounds: list[Answered]) -> float:
    """The middle of the rounds: one in which the machine did something else counts for no more than any other."""
    return sorted(each.p99 for each in rounds)[len(rounds) // 2]


@contextmanager
def _sink() -> Iterator[None]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port)])
    os.environ["PLENARY_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
    try:
        yield
    finally:
        del os.environ["PLENARY_SMTP_URL"]
        process.terminate()
        process.wait()


async def _followed(url: str) -> None:
    await _asked(url, lambda connection: connection.execute(_PEOPLE, FOLLOWERS, SLUG))


async def _left(url: str) -> int:
    row = await _asked(url, lambda connection: connection.fetchrow(_LEFT))
    return FOLLOWERS - row[1] + row[0] if row[1] < FOLLOWERS else int(row[0])


async def _asked(url: str, ask: Any) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await ask(connection)
    finally:
        await connection.close()
