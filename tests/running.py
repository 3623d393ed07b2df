"""Commands as an operator types them, on the test's own database."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    error: str

    def account(self) -> dict[str, Any]:
        """The JSON line at the end of standard output."""
        found: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return found


async def start(*arguments: object) -> asyncio.subprocess.Process:
    """`python3 -m app …`, started; the `database` fixture has put the database's address into the environment."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from app.cli import main; main()", *map(str, arguments),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env=dict(os.environ),
    )  # fmt: skip


async def command(*arguments: object) -> Ended:
    """`python3 -m app …`, run to its end."""
    process = await start(*arguments)
    out, error = await process.communicate()
    return Ended(process.returncode or 0, out.decode(), error.decode())
