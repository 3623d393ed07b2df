"""(c) Posting through the API: eight clients with keys, Markdown of about 600 characters, each public at once."""

import json
import os
import time
from pathlib import Path

from bench.client import Client, Job
from bench.seeding import SLUG
from bench.stand import Stand
from bench.table import Line, ms, per_request
from bench.texts import Text, pool

_TOPIC = "diasporas"  # publishes at once
_POSTS = 4_000


def measure(stand: Stand, client: Client, folder: Path) -> tuple[str, list[Line]]:
    """The lines of this part."""
    path = f"/api/v1/consultations/{SLUG}/contributions"
    authorizations = [f"Bearer {key}" for key in stand.keys]
    texts = pool()
    unused = int(time.time()) * _POSTS  # copies would wait for a moderator, those of an earlier run as well
    bodies = [post(texts[number % len(texts)], unused + number) for number in range(_POSTS)]

    def job(count: int) -> Job:
        return Job(stand.port, [path] * count, len(authorizations), "POST", {}, bodies[:count], authorizations)

    client.run(job(100)).require(201)
    meter = stand.meter()
    answered = client.run(job(_POSTS)).require(201)
    each = ms(answered, span := meter.read())
    rate = answered.requests / answered.seconds
    return "(c) contributions posted", [
        per_request("8 clients, to the commit", answered, span, target="at most 4 ms", met=each <= 4),
        Line("  the same, per second", "", f"{rate:,.0f}", "", "at least 400", rate >= 400),
        Line("  one flush of this disk, for comparison", f"{_flush(folder):.2f} ms"),
    ]


def post(text: Text, number: int, more: str = "") -> str:
    """The JSON of a contribution with this text, like no other by its number."""
    body = f"{text.body}\n\n{number} {number * 7919} {more}"
    return json.dumps(
        {"topic": _TOPIC, "kind": "proposal", "title": text.title, "language": text.language, "body": body}
    )


def _flush(folder: Path) -> float:
    """Milliseconds (of waiting, not of CPU) until a written page is on disk, the median of 200."""
    file = os.open(folder / "flushed", os.O_RDWR | os.O_CREAT)
    try:
        os.write(file, bytes(200 * 8192))
        os.fsync(file)
        took = []
        for page in range(200):
            os.pwrite(file, b"x" * 8192, page * 8192)
            started = time.perf_counter()
            os.fdatasync(file)
            took.append(time.perf_counter() - started)
    finally:
        os.close(file)
    return sorted(took)[100] * 1e3
