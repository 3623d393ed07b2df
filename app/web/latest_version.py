"""Asks for the version of what is public, with as few queries as truth allows.

An answer must not be older than its request. So whoever comes while a query runs cannot use its result; but all who
come meanwhile share the next one.
"""

import asyncio

from app import errors
from app.database import Database
from app.readings.versions import Version, service_version, version


class LatestVersions:
    """Versions of consultations (and, for None, of the whole service) for the requests of one process."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._asking: dict[str | None, asyncio.Lock] = {}
        self._next: dict[str | None, asyncio.Future[Version]] = {}

    async def of(self, slug: str | None) -> Version:
        """The version, not older than this call. Raises NotFound, Unavailable."""
        shared = self._next.get(slug)
        if shared is not None:
            return await asyncio.shield(shared)
        lock = self._asking.get(slug)
        if lock is None:
            lock = self._asking[slug] = asyncio.Lock()
        try:
            if not lock.locked():
                async with lock:
                    return await self._ask(slug)
            return await self._ask_next(slug, lock)
        finally:
            if not lock.locked():
                self._asking.pop(slug, None)  # any slug can be asked for, so none may stay

    async def _ask_next(self, slug: str | None, lock: asyncio.Lock) -> Version:
        answer = self._next[slug] = asyncio.get_running_loop().create_future()
        try:
            async with lock:
                del self._next[slug]  # who comes from here on needs a later answer
                answer.set_result(await self._ask(slug))
        except BaseException as error:
            if self._next.get(slug) is answer:
                del self._next[slug]
            answer.set_exception(error if isinstance(error, Exception) else errors.Unavailable("Please try again."))
            answer.exception()  # retrieved, even where nobody else waited
            raise
        return answer.result()

    async def _ask(self, slug: str | None) -> Version:
        async with self.database.glancing() as connection:
            return await (service_version(connection) if slug is None else version(connection, slug))
