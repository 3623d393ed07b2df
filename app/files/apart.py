"""Cleaning in a process of its own: what a file does to it, it does to nothing else.

It takes time, so it is done before a transaction is opened: `upload` is what surfaces call.
"""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import app
from app.files.kinds import MOST_BYTES, Cleaned, Refused, family_of
from app.files.uploads import Upload

_SECONDS = 30
_ROOT = Path(app.__file__).parents[1]
_AT_ONCE = asyncio.Semaphore(2)


async def upload(name: str, content: bytes) -> Upload:
    """A file that somebody sends, cleaned in both ways, or with the reasons why it cannot be taken."""
    try:
        full, withheld = await _taken_apart(content)
    except Refused as refused:
        full = withheld = refused
    return Upload(name, full, withheld)


async def cleaned(content: bytes) -> Cleaned:
    """A file that is kept already, without anything that tells who made it. Raises Refused."""
    _full, withheld = await _taken_apart(content)
    if isinstance(withheld, Refused):
        raise withheld
    return withheld


async def _taken_apart(content: bytes) -> tuple[Cleaned | Refused, Cleaned | Refused]:
    if len(content) > MOST_BYTES:
        raise Refused("large")
    family_of(content)  # most of what is wrong needs no process
    head, _line, rest = (await _answer(content)).partition(b"\n")
    results: list[Cleaned | Refused] = []
    for told in json.loads(head):
        if "refused" in told:
            results.append(Refused(told["refused"]))
        elif told["length"] > MOST_BYTES:
            results.append(Refused("large"))
        else:
            results.append(Cleaned(told["type"], rest[: told["length"]], tuple(told["tells"])))
        rest = rest[told.get("length", 0) :]
    full, withheld = results
    return full, withheld


async def _answer(content: bytes) -> bytes:
    """What the process says. Raises Refused where it did not come to an end."""
    async with _AT_ONCE:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.files",
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
    return answer
