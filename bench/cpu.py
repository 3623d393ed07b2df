"""CPU time and memory of processes, read from /proc."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Span:
    """What was used between two moments."""

    cpu: float  # seconds
    wall: float


class Meter:
    """Measures the processes beneath some roots, those included that began or ended meanwhile."""

    def __init__(self, roots: Iterable[int]) -> None:
        self._roots = list(roots)
        self.restart()

    def restart(self) -> None:
        """Measure from now on."""
        self._cpu, self._wall = cpu_seconds(self._roots), time.perf_counter()

    def read(self) -> Span:
        """What was used since the start."""
        return Span(cpu_seconds(self._roots) - self._cpu, time.perf_counter() - self._wall)


def cpu_seconds(roots: Iterable[int]) -> float:
    """CPU time of the roots, of everything beneath them, and of their children that have ended."""
    stats = _stats()
    family = _beneath(stats, roots)
    # Fields 16 and 17 of /proc/<pid>/stat, in ticks: the children that were waited for.
    ended = sum(sum(map(int, stats[pid][13:15])) for pid in family) * _TICK
    return sum(map(_running, family)) + ended


def _running(pid: int) -> float:
    """CPU seconds of a process's threads. Its stat file counts ticks of 10 ms: too coarse for a few hundred pages."""
    try:
        tasks = list((_PROC / str(pid) / "task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def children(pid: int) -> list[int]:
    """The process's children."""
    return [child for child, fields in _stats().items() if int(fields[1]) == pid]


def resident(pid: int) -> float:
    """Resident memory in megabytes."""
    pages = int((_PROC / str(pid) / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _beneath(stats: dict[int, list[str]], roots: Iterable[int]) -> set[int]:
    family = set(roots) & stats.keys()
    while more := {pid for pid, fields in stats.items() if int(fields[1]) in family} - family:
        family |= more
    return family


def _stats() -> dict[int, list[str]]:
    """Of every process, what follows its name in /proc/<pid>/stat: state, parent, …"""
    found = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            try:
                found[int(folder.name)] = (folder / "stat").read_text().rpartition(") ")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found
