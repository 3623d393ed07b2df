"""Waiting for a record to grow: any number of requests wait on one poller, and none holds a database connection.

Those that wake at the same entry ask for the same answer, so it is read once for all of them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from typing import Any, TypeVar
from uuid import UUID

from app import errors
from app.database import Database
from app.readings.versions import sizes

_EVERY = 0.25  # seconds between looks

Result = TypeVar("Result")


class Watch:
    """The one poller of a process. It runs only while somebody waits."""

    def __init__(self) -> None:
        self._waiting: dict[UUID, dict[asyncio.Future[None], int]] = {}
        self._poller: asyncio.Task[None] | None = None
        self._readings: dict[Hashable, asyncio.Future[Any]] = {}

    async def until_longer(self, database: Database, consultation: UUID, size: int, seconds: float) -> None:
        """Return once the record has more than `size` entries, or after so many seconds."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(consultation, {})[woken] = size
        if self._poller is None or self._poller.done():
            self._poller = asyncio.create_task(self._poll(database))
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(woken, seconds)
        finally:
            self._leave(consultation, woken)

    async def shared(self, key: Hashable, read: Callable[[], Awaitable[Result]]) -> Result:
        """The answer of `read`, or of the same reading if one with this key is under way."""
        task = self._readings.get(key)
        if task is None:
            task = self._readings[key] = asyncio.ensure_future(read())
            task.add_done_callback(lambda _: self._readings.pop(key, None))
        shared: Result = await asyncio.shield(task)
        return shared

    async def _poll(self, database: Database) -> None:
        while self._waiting:
            await asyncio.sleep(_EVERY)
            try:
                async with database.glancing() as connection:
                    found = await sizes(connection, list(self._waiting))
            except errors.Unavailable:
                self._wake(dict.fromkeys(self._waiting, 2**63))  # each finds out for itself
                continue
            self._wake(found)

    def _wake(self, found: dict[UUID, int]) -> None:
        for consultation, size in found.items():
            for woken, known in self._waiting.get(consultation, {}).items():
                if size > known and not woken.done():
                    woken.set_result(None)

    def _leave(self, consultation: UUID, woken: asyncio.Future[None]) -> None:
        those = self._waiting.get(consultation, {})
        those.pop(woken, None)
        if not those:
            self._waiting.pop(consultation, None)
        if not self._waiting and self._poller is not None:
            self._poller.cancel()
            self._poller = None
