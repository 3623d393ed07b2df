"""Waiting for a record to grow: any number of requests wait on one poller, and none holds a database connection.

Those that wake at the same entry ask for the same answer, so it is read once for all of them. When the process is told
to end, all are woken: nobody's stopping takes as long as somebody's waiting.
"""

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, TypeVar
from uuid import UUID

from app import errors
from app.database import Database
from app.readings.versions import sizes

_EVERY = 0.1  # seconds between looks
_BEYOND = 2**63  # longer than any record

Result = TypeVar("Result")


class Watch:
    """The one poller of a process. It runs only while somebody waits."""

    def __init__(self) -> None:
        self._waiting: dict[UUID, dict[asyncio.Future[None], int]] = {}
        self._poller: asyncio.Task[None] | None = None
        self._readings: dict[Hashable, asyncio.Future[Any]] = {}
        self._streams = 0
        self.ending = False  # the process was told to end: nobody waits any more

    async def until_longer(self, database: Database, consultation: UUID, size: int, seconds: float) -> None:
        """Return once the record has more than `size` entries, or after so many seconds, or when all is to end."""
        if self.ending:
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(consultation, {})[woken] = size
        self._start(database)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(woken, seconds)
        finally:
            self._leave(consultation, woken)

    @contextmanager
    def kept_on(self, database: Database) -> Iterator[None]:
        """For a stream, which must learn that the process ends even while it does not wait."""
        self._streams += 1
        self._start(database)
        try:
            yield
        finally:
            self._streams -= 1
            self._rest()

    async def shared(self, key: Hashable, read: Callable[[], Awaitable[Result]]) -> Result:
        """The answer of `read`, or of the same reading if one with this key is under way."""
        task = self._readings.get(key)
        if task is None:
            task = self._readings[key] = asyncio.ensure_future(read())
            task.add_done_callback(lambda _: self._readings.pop(key, None))
        shared: Result = await asyncio.shield(task)
        return shared

    def _start(self, database: Database) -> None:
        if self._poller is None or self._poller.done():
            self._poller = asyncio.create_task(self._poll(database))

    async def _poll(self, database: Database) -> None:
        loop = asyncio.get_running_loop()
        with _when_told_to_end(lambda: loop.call_soon_threadsafe(self._end)):
            while self._waiting or self._streams:
                await asyncio.sleep(_EVERY)
                if not self._waiting:
                    continue
                try:
                    async with database.glancing() as connection:
                        self._wake(await sizes(connection, list(self._waiting)))
                except errors.Unavailable:
                    self._wake_all()  # each finds out for itself

    def _wake(self, found: dict[UUID, int]) -> None:
        for consultation, size in found.items():
            for woken, known in self._waiting.get(consultation, {}).items():
                if size > known and not woken.done():
                    woken.set_result(None)

    def _end(self) -> None:
        self.ending = True
        self._wake_all()

    def _wake_all(self) -> None:
        self._wake(dict.fromkeys(self._waiting, _BEYOND))

    def _leave(self, consultation: UUID, woken: asyncio.Future[None]) -> None:
        those = self._waiting.get(consultation, {})
        those.pop(woken, None)
        if not those:
            self._waiting.pop(consultation, None)
        self._rest()

    def _rest(self) -> None:
        if not self._waiting and not self._streams and self._poller is not None:
            self._poller.cancel()
            self._poller = None


@contextmanager
def _when_told_to_end(act: Callable[[], object]) -> Iterator[None]:
    """Act on SIGINT and SIGTERM, before whoever else does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def told(number: int, frame: FrameType | None) -> None:
        act()
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)
        else:
            signal.signal(number, handler)
            signal.raise_signal(number)

    for number in before:
        signal.signal(number, told)
    try:
        yield
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is told:
                signal.signal(number, handler)
