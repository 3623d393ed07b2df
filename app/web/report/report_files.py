"""Files of the report, made in the background: who asks for the same one waits for it, or looks again later."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from app.language import gettext_noop as N_
from app.language import speaking
from app.printing.apart import Form, printed
from app.printing.model import Document

STAGES = {"reading": N_("What belongs in it is being read."), "setting": N_("Its pages are being set.")}
PATIENCE = 3.0  # seconds that a browser waits before it is shown a page
_MOST_KEPT = 8  # files
_ONE_AT_A_TIME = asyncio.Lock()


class Key(NamedTuple):
    """What makes a file another one."""

    consultation: UUID
    version: int
    language: str
    size: int  # of the record
    base: str
    form: str
    annex: bool


@dataclass(slots=True)
class Making:
    """A file that is made, or was."""

    task: "asyncio.Task[bytes]"
    began: float
    stage: str = "reading"

    @property
    def is_ready(self) -> bool:
        """Whether it can be given."""
        return self.task.done() and not self.task.cancelled() and self.task.exception() is None

    @property
    def seconds(self) -> int:
        """How long it has been made for."""
        return round(time.monotonic() - self.began)


def made(key: Key, document: Callable[[], Awaitable[Document]], speaks: str, when: Any) -> Making:
    """The file, which is begun to be made where it is not yet: from this document, speaking this, dated `when`."""
    making = KEPT.get(key)
    if making is None or (making.task.done() and not making.is_ready):  # what failed is tried again
        making = Making(asyncio.create_task(_make(key, document, speaks, when)), time.monotonic())
        KEPT[key] = making
    KEPT.move_to_end(key)
    while len(KEPT) > _MOST_KEPT and next(iter(KEPT.values())).task.done():
        KEPT.popitem(last=False)
    return making


async def content(making: Making, patience: float | None) -> bytes | None:
    """The file; None where it takes longer than that. Raises Unavailable where it cannot be made."""
    await asyncio.wait({making.task}, timeout=patience)
    return making.task.result() if making.task.done() else None


async def _make(key: Key, document: Callable[[], Awaitable[Document]], speaks: str, when: Any) -> bytes:
    async with _ONE_AT_A_TIME:
        given = await document()
        if key in KEPT:
            KEPT[key].stage = "setting"
        form: Form = "pdf" if key.form == "pdf" else "docx"
        with speaking(speaks):
            return await printed(given, form, when)


KEPT: OrderedDict[Key, Making] = OrderedDict()
