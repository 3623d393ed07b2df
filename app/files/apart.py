"""Cleaning in a process of its own: what a file does to it, it does to nothing else."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import app
from app.files.kinds import MOST_BYTES, Cleaned, Refused, family_of

_SECONDS = 30
_ROOT = Path(app.__file__).parents[1]
_AT_ONCE = asyncio.Semaphore(2)


async def cleaned(content: bytes, *, withheld: bool) -> Cleaned:
    """The file as it can be stored: without metadata if it is a picture or its author is withheld. Raises Refused."""
    if len(content) > MOST_BYTES:
        raise Refused("large")
    family_of(content)  # most of what is wrong needs no process
    async with _AT_ONCE:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.files", "withheld" if withheld else "full",
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=_ROOT, env={"PYTHONPATH": str(_ROOT)},
        )  # fmt: skip
        try:
            answer, _none = await asyncio.wait_for(process.communicate(content), _SECONDS)
        except TimeoutError:
            raise Refused("heavy") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode:
        raise Refused("heavy" if process.returncode < 0 else "broken")
    head, _line, content = answer.partition(b"\n")
    told = json.loads(head)
    if "refused" in told:
        raise Refused(told["refused"])
    if len(content) > MOST_BYTES:
        raise Refused("large")
    return Cleaned(told["type"], content, tuple(told["tells"]))
