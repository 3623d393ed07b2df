"""(a) The page of a thread of 100 contributions, for a stranger: first build and warm, against bare servers."""

import sys
from itertools import cycle, islice
from pathlib import Path

from bench.client import Answered, Client, Job
from bench.cpu import Meter, Span
from bench.seeding import SLUG
from bench.stand import Stand, get, served
from bench.table import Line, ms, per_request

_CONNECTIONS = 8
_WARM = 6_000  # requests
_BUILT = 400  # pages that nobody asked for before
_USED = 200  # pages that a server has built already: a new one reads its templates and plans its queries first
_BARE = ("uvicorn", "FastAPI")
_WAYS = {"gzip": "compressed", "identity": "plain"}


def measure(stand: Stand, client: Client, folder: Path) -> tuple[str, list[Line]]:
    """The lines of this part."""
    lines: list[Line] = []
    roots = cycle(stand.roots[1:])  # a small database has fewer, so that some are built under a second address
    used = [f"/c/{SLUG}/{stand.roots[0]}?fresh={number}" for number in range(_USED)]
    client.run(Job(stand.port, used, _CONNECTIONS)).require(200)
    for turn, (encoding, way) in enumerate(_WAYS.items()):
        headers = {"Accept": "text/html", "Accept-Encoding": encoding}
        path = f"/c/{SLUG}/{stand.roots[0]}"
        found, content = get(stand.port, path, headers)
        size = f"{way}, {len(content) / 1000:.0f} kB"
        bare = 0.0
        for kind in _BARE:
            answered, span = _bare(client, kind, content, found.get("content-encoding", ""), folder)
            bare = ms(answered, span)
            lines.append(per_request(f"bare {kind}, {size}", answered, span))
        unseen = [f"/c/{SLUG}/{number}?fresh={turn}-{at}" for at, number in enumerate(islice(roots, _BUILT))]
        answered, span = _run(stand.meter(), client, Job(stand.port, unseen, _CONNECTIONS, headers=headers))
        built = ms(answered, span)
        lines.append(
            per_request(
                f"first build, {size}", answered, span, ratio=_times(built, bare), target="at most 2 ms", met=built <= 2
            )
        )
        job = Job(stand.port, [path] * _WARM, _CONNECTIONS, headers=headers)
        client.run(Job(stand.port, [path] * 50, _CONNECTIONS, headers=headers))  # both workers have it now
        answered, span = _run(stand.meter(), client, job)
        warm = ms(answered, span)
        lines.append(
            per_request(
                f"warm, {size}", answered, span, ratio=_times(warm, bare), target="at most 0.3 ms or 4 × FastAPI",
                met=warm <= max(0.3, 4 * bare),
            )
        )  # fmt: skip
    return "(a) a stranger's page of a thread of 100 contributions", lines


def _times(value: float, bare: float) -> str:
    return f"{value / bare:.1f} × bare FastAPI"


def _bare(client: Client, kind: str, content: bytes, encoding: str, folder: Path) -> tuple[Answered, Span]:
    file = folder / "bare.bytes"
    file.write_bytes(content)
    environment = {"BENCH_BYTES": str(file), "BENCH_ENCODING": encoding}
    command = [sys.executable, "-m", "bench.bare", kind.lower()]
    with served(command, folder / "bare.log", environment, "/") as (process, port):
        job = Job(port, ["/"] * _WARM, _CONNECTIONS)
        client.run(Job(port, ["/"] * 200, _CONNECTIONS))
        return _run(Meter([process.pid]), client, job)


def _run(meter: Meter, client: Client, job: Job) -> tuple[Answered, Span]:
    answered = client.run(job).require(200)
    return answered, meter.read()
