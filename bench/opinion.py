"""(h) The opinion map of 10,000 people and 1,000 statements, from a file to JSON: time and memory of the command.

It works in one thread, so on a machine that does nothing else its time is its CPU time.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from bench.table import Line

_PEOPLE, _STATEMENTS, _GROUPS = 10_000, 1_000, 3
_SEEN = 0.5  # of all statements, by each person
_RUNS = 3
_MOST_SECONDS, _MOST_MEMORY = 5, 1_000


def measure(folder: Path) -> tuple[str, list[Line]]:
    """The lines of this part: the fastest of three runs, and the most memory that any of them took."""
    file = folder / "positions.csv"
    _write(file)
    runs = [_run(file) for _ in range(_RUNS)]
    seconds, cpu = min(run[0] for run in runs), min(run[1] for run in runs)
    memory = max(run[2] for run in runs)
    return f"(h) an opinion map of {_PEOPLE:,} people and {_STATEMENTS:,} statements", [
        Line(
            "python3 -m app opinion, from start to end", f"{cpu:.1f} s", "", f"{seconds:.1f} s by the clock",
            f"at most {_MOST_SECONDS} s", cpu <= _MOST_SECONDS,
        ),
        Line("its memory", "", "", f"{memory:.0f} MB", f"at most {_MOST_MEMORY:,} MB", memory <= _MOST_MEMORY),
    ]  # fmt: skip


def _write(file: Path) -> None:
    """Positions by chance, with three groups in them: each leans to one side of each statement."""
    chance = np.random.default_rng(1)
    leanings = chance.normal(size=(_GROUPS, _STATEMENTS))
    with file.open("w") as stream:
        print("participant", *range(_STATEMENTS), sep=",", file=stream)
        for person in range(_PEOPLE):
            felt = leanings[person % _GROUPS] + chance.normal(size=_STATEMENTS)
            positions = np.clip(np.round(felt), -1, 1).astype(int).astype(str)
            positions[chance.random(_STATEMENTS) >= _SEEN] = ""
            print(person, *positions, sep=",", file=stream)


def _run(file: Path) -> tuple[float, float, float]:
    """Seconds, CPU seconds, and megabytes at most."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "app", "opinion", file], stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"The command ended with {process.returncode}.")
    return time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
