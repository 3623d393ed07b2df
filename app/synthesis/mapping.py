"""The opinion map made in a process of its own: some seconds of work at most, during which the worker goes on.

That process gets positions without names, and its libraries are the extra `opinion`: where they are not installed,
there is no map.
"""

import asyncio
import json
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import app

log = logging.getLogger(__name__)

_LIBRARIES = ("numpy", "scipy", "sklearn")
_SECONDS = 120
_ROOT = Path(app.__file__).parents[1]
_AT_ONCE = asyncio.Semaphore(1)


@dataclass(frozen=True, slots=True)
class Positions:
    """People by statements: 1, -1, 0, or None where somebody took no position. `earlier` has the labels of before."""

    statements: Sequence[int]
    cells: Sequence[Sequence[int | None]]
    earlier: Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where everybody stands and in which group (None: in none), and what the groups tell; see docs/opinion.md."""

    share: float | None  # of all variance, which the two axes show
    labels: Sequence[str | None]
    points: Sequence[tuple[float, float]]
    representative: dict[str, Sequence[tuple[int, str]]]
    informed: Sequence[float]  # group-informed consensus, by statement


def is_installed() -> bool:
    """Whether this server can make maps."""
    return all(find_spec(name) is not None for name in _LIBRARIES)


async def mapped(positions: Positions, smallest: int) -> Mapped | None:
    """The map of these positions, in groups of `smallest` people at least. None where it could not be made."""
    given = {"statements": positions.statements, "cells": positions.cells, "earlier": positions.earlier}
    answer = await _apart(json.dumps(given | {"smallest": smallest}).encode())
    if not answer:
        log.error("The opinion map could not be made: totals alone are shown.")
        return None
    return Mapped(**json.loads(answer))


async def _apart(given: bytes) -> bytes:
    """What the process says; nothing where it fails or takes too long."""
    async with _AT_ONCE:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.synthesis.opinion",
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=_ROOT, env={"PYTHONPATH": str(_ROOT)},
        )  # fmt: skip
        try:
            answer, _none = await asyncio.wait_for(process.communicate(given), _SECONDS)
        except TimeoutError:
            answer = b""
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    return answer if process.returncode == 0 else b""
