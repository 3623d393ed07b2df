"""A whole installation to measure: a data folder with embedded Postgres, filled, and a server with two workers."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from app.database import Database, embedded, migrate
from bench import seeding
from bench.cpu import Meter, children
from bench.seeding import Shape

WORKERS = 2
_PATIENCE = 60.0  # seconds until a server answers


@dataclass(frozen=True, slots=True)
class Stand:
    """A server that runs, with everything beneath it that uses CPU time."""

    shape: Shape
    url: str  # of the database
    port: int
    server: int  # process
    postgres: int  # process
    keys: list[str]
    roots: list[int]  # numbers of the short threads' roots
    long: int | None  # number of the long thread's root

    def meter(self) -> Meter:
        """Measures server and database together."""
        return Meter((self.server, self.postgres))

    def workers(self) -> list[int]:
        """The server's worker processes."""
        return children(self.server)


@contextmanager
def filled(folder: Path, shape: Shape) -> Iterator[tuple[str, list[str]]]:
    """A database of this shape in a data folder, filled unless it was before. Yields its address and the keys."""
    done = folder / "filled.json"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)  # what was left half full
    with embedded.running(folder) as url:
        if not done.exists():
            keys = asyncio.run(_prepared(url))
            say(f"Filling a database with {shape.total:,} contributions …")
            started = time.monotonic()
            seeding.fill(url, shape)
            say(f"… took {time.monotonic() - started:.0f} s.")
            done.write_text(json.dumps({"shape": [shape.threads, shape.long], "keys": keys}))
        known = json.loads(done.read_text())
        if known["shape"] != [shape.threads, shape.long]:
            raise SystemExit(f"{folder} holds a database of another size.")
        yield url, known["keys"]


@contextmanager
def running(folder: Path, shape: Shape) -> Iterator[Stand]:
    """A stand in a data folder, for as long as the block runs."""
    os.environ["PLENARY_DATA"] = str(folder)  # where keys are sealed and hashed
    with filled(folder, shape) as (url, keys), served(
        [sys.executable, "-m", "app", "serve", "--data", str(folder), "--workers", str(WORKERS)], folder / "server.log",
        {"PLENARY_RATE_LIMITS": "off"}, "/health",
    ) as (process, port):  # fmt: skip
        asyncio.run(_followed(url))
        roots, long = asyncio.run(_roots(url))
        postmaster = int((folder / "postgres/postmaster.pid").read_text().split()[0])
        yield Stand(shape, url, port, process.pid, postmaster, keys, roots, long)


@contextmanager
def served(
    command: list[str], log: Path, environment: dict[str, str], path: str
) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """A server process that got `--port`, answering at `path`. Yields it and its port."""
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen([*command, "--port", str(port)], stderr=output, env=os.environ | environment)
    try:
        _wait_for(process, f"http://127.0.0.1:{port}{path}", log)
        yield process, port
    finally:
        process.terminate()
        process.wait()


def get(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[dict[str, str], bytes]:
    """Headers and body of one answer."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers or {})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}, answer.read()


def say(text: str) -> None:
    """Progress: the table alone goes to standard output."""
    print(text, file=sys.stderr, flush=True)


async def _prepared(url: str) -> list[str]:
    await migrate.upgrade(url)
    database = Database(url, pool=1)
    try:
        return await seeding.prepare(database)
    finally:
        await database.close()


async def _roots(url: str) -> tuple[list[int], int | None]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT min(number) AS root, count(*) AS size FROM publications GROUP BY thread_id ORDER BY root"
        )
    finally:
        await connection.close()
    short = [row["root"] for row in rows if row["size"] == seeding.THREAD]
    return short, next((row["root"] for row in rows if row["size"] > seeding.THREAD), None)


async def _followed(url: str) -> None:
    """Wait until the server's worker has read what was filled in, and Postgres has tidied it: neither is measured."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
        give_up = time.monotonic() + _PATIENCE * 5
        while await connection.fetchval(_BEHIND):
            if time.monotonic() > give_up:
                raise SystemExit("The worker does not get through the record.")
            await asyncio.sleep(0.5)
    finally:
        await connection.close()


_BEHIND = """
SELECT count(*) = 0 OR bool_or(seq < size) FROM records LEFT JOIN record_cursors ON record_id = records.id
WHERE records.size > 0
"""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    give_up = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The server does not answer. It says: {log.read_text(errors='replace')[-2000:]}")
