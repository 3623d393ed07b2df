"""Puts up what is measured, measures one part after another, and prints the table."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bench import (
    coding,
    coverage,
    cpu,
    following,
    growth,
    mailing,
    opinion,
    posting,
    pulling,
    report,
    searching,
    thread_pages,
    waiting,
)
from bench.client import Client, Job
from bench.seeding import SLUG, Shape
from bench.stand import Stand, running, say
from bench.table import Line, Table

_SMALL, _LARGE = Shape(10), Shape(9_000, long=100_000)
_DESK, _COVERED = Shape(100), Shape(1_000)
_QUICK = Shape(150, long=5_000)
_MOST_MEMORY = 1.3
_ENTRIES = 1_000_000


def main() -> None:
    """The command."""
    typer.run(_bench)


def _bench(
    small: Annotated[bool, typer.Option("--small", help="20,000 contributions instead of 1,000,000.")] = False,
    only: Annotated[str, typer.Option(help="Some of the parts, as in a,c.")] = "a,b,c,d,e,f,g,h,i,j,k,l,m",
    data: Annotated[Path | None, typer.Option(help="Keep the databases in this folder, and use them again.")] = None,
) -> None:
    """Measure CPU time of server and database per request, and print it beside the targets."""
    parts = set(only.split(","))
    table = Table()
    with _folder(data) as folder:
        if "h" in parts:
            say("(h) opinion map …")
            table.part(*opinion.measure(folder))
        if "i" in parts:
            say("(i) coding …")
            with Client() as client, running(folder / "coding", _DESK) as desk:
                table.part(*coding.measure(desk, client))
        if "j" in parts:
            say("(j) report …")
            table.part(*report.measure(folder))
        if "k" in parts:
            say("(k) mailing …")
            with Client() as client, tempfile.TemporaryDirectory(prefix="plenary-bench-") as spoilt:
                table.part(*mailing.measure(client, Path(spoilt)))
        if "l" in parts:
            say("(l) coverage …")
            with Client() as client, running(folder / "covered", _COVERED) as covered:
                table.part(*coverage.measure(covered, client))
        if parts - {"h", "i", "j", "k", "l"}:
            _measure_served(table, parts, _QUICK if small else _LARGE, folder)
    print(table.text())
    say(f"{table.missed} targets missed." if table.missed else "All targets met.")
    sys.exit(1 if table.missed else 0)


def _measure_served(table: Table, parts: set[str], shape: Shape, folder: Path) -> None:
    """The parts that need a server and a filled database."""
    with Client() as client, ExitStack() as stack:
        large = stack.enter_context(running(folder / f"with-{shape.total}", shape))
        _wake(large, client)
        before = _memory(large)
        if "a" in parts:
            say("(a) thread pages …")
            table.part(*thread_pages.measure(large, client, folder))
        if "b" in parts:
            say("(b) pulling …")
            table.part(*pulling.measure(large, client))
        if "f" in parts:
            say("(f) waiting …")
            with running(folder / f"with-{_SMALL.total}", _SMALL) as fresh:
                table.part(*waiting.measure(fresh, client))
        if "g" in parts:
            say("(g) following …")
            with tempfile.TemporaryDirectory(prefix="plenary-bench-") as spoilt, running(Path(spoilt), _SMALL) as long:
                table.part(*following.measure(long, _ENTRIES))
        if "d" in parts:
            base = stack.enter_context(running(folder / f"with-{_SMALL.total}", _SMALL))
            say("(d) growth …")
            table.part(*growth.measure(base, large, client))
        if "m" in parts:
            say("(m) searching …")
            table.part(*searching.measure(large, client))
        if "c" in parts:
            say("(c) posting …")
            table.part(*posting.measure(large, client, folder))
        if "e" in parts:
            table.part("(e) resident memory of a worker, after all of this", _growth_of_memory(before, _memory(large)))


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
    else:
        with tempfile.TemporaryDirectory(prefix="plenary-bench-") as folder:
            yield Path(folder)


def _wake(stand: Stand, client: Client) -> None:
    """A few pages of each kind, built anew, eight at a time: every worker has then imported and connected what it
    needs, and every connection has made its plans."""
    page, listed = f"/c/{SLUG}/{stand.roots[-1]}", f"/api/v1/consultations/{SLUG}/contributions"
    for paths in ([f"{page}?fresh=wake-{number}" for number in range(160)], [listed] * 80):
        client.run(Job(stand.port, paths, 8)).require(200)


def _memory(stand: Stand) -> list[float]:
    return [cpu.resident(worker) for worker in stand.workers()]


def _growth_of_memory(before: list[float], after: list[float]) -> list[Line]:
    ratio = max(last / first for first, last in zip(before, after, strict=True))
    grown = " and ".join(f"{first:.0f} to {last:.0f} MB" for first, last in zip(before, after, strict=True))
    return [Line(grown, "", "", f"{ratio:.2f}", f"at most {_MOST_MEMORY}", ratio <= _MOST_MEMORY)]
