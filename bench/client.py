"""A lean HTTP client in a process of its own, so that its CPU time is nobody else's.

`Client` is this side: it hands over jobs and gets figures back. Run as a module, it is the other side: a line of JSON
for each job, a line of JSON for each answer.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import uvloop

_SLOWEST = 3  # requests that are named
BROWSER = {"Accept": "*/*", "Accept-Encoding": "gzip"}


@dataclass(frozen=True, slots=True)
class Job:
    """Requests to send over some keep-alive connections, each as soon as the one before it is answered."""

    port: int
    paths: Sequence[str]
    connections: int = 1
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    bodies: Sequence[str] = ()  # one for each path, or none
    authorizations: Sequence[str] = ()  # one for each connection, or none


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a job."""

    requests: int
    seconds: float
    bytes: int  # of bodies, as they came over the wire
    statuses: dict[str, int]
    median: float  # seconds that an answer took
    p99: float  # seconds that one in a hundred took longer than
    p95: float
    slowest: Sequence[tuple[int, float]]  # requests by their place in the job, with their seconds

    def require(self, status: int) -> Self:
        """Itself, if every answer had this status. Raises RuntimeError: figures of failed requests mean nothing."""
        if set(self.statuses) != {str(status)}:
            raise RuntimeError(f"the server answered {self.statuses}, not {status} throughout")
        return self


class Client:
    """The client process, for as long as the block runs."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.communicate()

    def run(self, job: Job) -> Answered:
        """Do a job and wait for its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(asdict(job)), file=self._process.stdin, flush=True)
        return Answered(**json.loads(self._process.stdout.readline()))


async def _do(job: Job) -> dict[str, Any]:
    """All requests of a job, taken by whichever connection is free."""
    turns = iter(range(len(job.paths)))
    statuses: Counter[str] = Counter()
    took: list[tuple[float, int]] = []
    received = 0
    connections = [await asyncio.open_connection("127.0.0.1", job.port, limit=2**20) for _ in range(job.connections)]

    async def work(index: int) -> None:
        nonlocal received
        reader, writer = connections[index]
        headers = _headers(job, index)
        for turn in turns:
            started = time.perf_counter()
            writer.write(_request(job, turn, headers))
            status, length = await _answer(reader)
            took.append((time.perf_counter() - started, turn))
            statuses[status] += 1
            received += length

    started = time.perf_counter()
    await asyncio.gather(*map(work, range(job.connections)))
    seconds = time.perf_counter() - started
    for _reader, writer in connections:
        writer.close()
    took.sort()
    median, p99, p95 = (took[len(took) * part // 100][0] for part in (50, 99, 95))
    slowest = [(turn, each) for each, turn in took[: -_SLOWEST - 1 : -1]]
    return asdict(Answered(len(took), seconds, received, dict(statuses), median, p99, p95, slowest))


def _headers(job: Job, connection: int) -> str:
    given = {"Host": f"127.0.0.1:{job.port}", **job.headers}
    if job.authorizations:
        given["Authorization"] = job.authorizations[connection]
    return "".join(f"{name}: {value}\r\n" for name, value in given.items())


def _request(job: Job, turn: int, headers: str) -> bytes:
    body = job.bodies[turn].encode() if job.bodies else b""
    if body:
        headers += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{job.method} {job.paths[turn]} HTTP/1.1\r\n{headers}\r\n".encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[str, int]:
    """Status and length of the body of one answer, read to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = head[9:12].decode()
    if b"transfer-encoding: chunked" in head:
        return status, await _chunks(reader)
    _before, _name, after = head.partition(b"content-length:")
    length = int(after.split(b"\r\n", 1)[0]) if after else 0
    await reader.readexactly(length)
    return status, length


async def _chunks(reader: asyncio.StreamReader) -> int:
    total = 0
    while size := int(await reader.readuntil(b"\r\n"), 16):
        await reader.readexactly(size + 2)
        total += size
    await reader.readuntil(b"\r\n")
    return total


async def _serve() -> None:
    """Do the jobs that come, until there are no more."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await _do(Job(**json.loads(line)))), flush=True)


if __name__ == "__main__":
    uvloop.run(_serve())
