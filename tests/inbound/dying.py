"""A process that takes a mail in and is killed on the way: `python dying.py FOLDER`, for each step one process."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.config import settings
from app.contributions import actions
from app.database import Database
from app.inbound import parsing, processing
from app.mailed import intake, settling

# Where it dies: before the mail is kept, once it is, and then on the way to the commit of what comes of it, and after.
STEPS = ("keeping", "kept", "claimed", "posted", "settled", "committed")


def _die(*_given: Any, **_named: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _dying_after(function: Callable[..., Any]) -> Callable[..., Any]:
    async def called(*given: Any, **named: Any) -> None:
        await function(*given, **named)
        _die()

    return called


def _patched(step: str) -> None:
    if step == "claimed":
        setattr(parsing, "read", _die)  # noqa: B010  # no type is changed, as this process ends there
    elif step == "posted":
        setattr(actions, "post", _dying_after(actions.post))  # noqa: B010
    elif step == "settled":
        setattr(processing, "settle", _dying_after(settling.settle))  # noqa: B010
    elif step == "committed":
        setattr(processing, "_note", _die)  # noqa: B010


async def _take(folder: Path, step: str) -> None:
    """As a server does it: keep, acknowledge, deal with."""
    returns, recipient = (folder / "envelope").read_text().split("\n")
    url = settings().database_url
    assert url is not None
    database = Database(url.get_secret_value(), pool=2)
    _patched(step)
    async with database.writing() as session:
        id, _new = await intake.keep(session, returns, recipient, (folder / f"{step}.eml").read_bytes())
        if step == "keeping":
            _die()
    (folder / f"{step}.acknowledged").write_text(str(id))
    if step == "kept":
        _die()
    await processing.take_in(database, only=id)


if __name__ == "__main__":
    for each in STEPS:
        child = os.fork()
        if child == 0:
            asyncio.run(_take(Path(sys.argv[1]), each))
            os._exit(0)  # it should have died
        _pid, status = os.waitpid(child, 0)
        (Path(sys.argv[1]) / f"{each}.ended").write_text(str(os.WTERMSIG(status)))
