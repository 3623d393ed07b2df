"""The version of what is public, asked before every page from the cache, with as few and small queries as truth allows.

An answer must not be older than its request. So whoever comes while a query runs cannot use its result; but all who
come meanwhile share the next one. The query goes to the driver itself, at a fifth of SQLAlchemy's cost.
"""

import asyncio
from typing import Any
from uuid import UUID

from app import errors
from app.database import Database
from app.database.admission import admitted
from app.language import gettext as _
from app.readings.versions import Version, service_version, version_from

_SQL = """
SELECT consultations.id, consultations.time_zone, records.size
FROM consultations JOIN records ON records.id = consultations.id WHERE consultations.slug = $1
"""

_Wanted = tuple[str | None, frozenset[UUID]]  # which consultation, by somebody admitted to which private ones


class LatestVersions:
    """Versions of consultations (and, for None, of the whole service) for the requests of one process."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._asking: dict[_Wanted, asyncio.Lock] = {}
        self._next: dict[_Wanted, asyncio.Future[Version]] = {}

    async def of(self, slug: str | None) -> Version:
        """The version, not older than this call. Raises NotFound, Unavailable."""
        wanted = slug, admitted()
        shared = self._next.get(wanted)
        if shared is not None:
            return await asyncio.shield(shared)
        lock = self._asking.get(wanted)
        if lock is None:
            lock = self._asking[wanted] = asyncio.Lock()
        try:
            if not lock.locked():
                async with lock:
                    return await self._ask(slug)
            return await self._ask_next(wanted, lock)
        finally:
            if not lock.locked():
                self._asking.pop(wanted, None)  # any slug can be asked for, so none may stay

    async def _ask_next(self, wanted: _Wanted, lock: asyncio.Lock) -> Version:
        answer = self._next[wanted] = asyncio.get_running_loop().create_future()
        try:
            async with lock:
                del self._next[wanted]  # who comes from here on needs a later answer
                answer.set_result(await self._ask(wanted[0]))
        except BaseException as error:
            if self._next.get(wanted) is answer:
                del self._next[wanted]
            answer.set_exception(error if isinstance(error, Exception) else errors.Unavailable(_("Please try again.")))
            answer.exception()  # retrieved, even where nobody else waited
            raise
        found: Version = await answer
        return found

    async def _ask(self, slug: str | None) -> Version:
        if slug is None:
            async with self.database.glancing() as connection:
                return await service_version(connection)
        row = await self._fetch(slug) if "\x00" not in slug else None  # a failed query costs its connection
        if row is None:
            raise errors.NotFound(_("There is no such consultation."))
        return version_from(row[0], row[1], row[2])

    async def _fetch(self, slug: str) -> Any:
        async with self.database.asking() as driver:
            return await driver.fetchrow(_SQL, slug)
