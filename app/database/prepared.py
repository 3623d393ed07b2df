"""Queries that are compiled once and put to the driver itself: a fifth of the cost of the way through SQLAlchemy.

For the few that every page asks. Values come as asyncpg gives them: JSON as text, all else as usual.
"""

from collections.abc import Sequence
from typing import Any

import asyncpg
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from app import errors

Row = Any  # an asyncpg Record: its columns by name or position
_LOST = ("08", "53", "57")  # classes of SQLSTATE: connection, resources, intervention


class Prepared:
    """A SELECT with named `bindparam`s."""

    def __init__(self, query: Select[*tuple[Any, ...]]) -> None:
        compiled = query.compile(dialect=dialect())  # type: ignore[no-untyped-call]
        self._sql = str(compiled)
        self._names = compiled.positiontup or []
        self._given = dict(compiled.params)

    async def rows(self, connection: AsyncConnection, **values: Any) -> Sequence[Row]:
        """All rows, in the connection's transaction: begun here, if nothing was asked in it yet. Raises Unavailable."""
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None  # it is open
        if not driver.is_in_transaction():
            await connection.exec_driver_sql("SELECT 1")
        values = self._given | values
        try:
            found: Sequence[Row] = await driver.fetch(self._sql, *[values[name] for name in self._names])
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if isinstance(error, asyncpg.PostgresError) and (error.sqlstate or "")[:2] not in _LOST:
                raise
            await connection.invalidate(error)
            raise errors.Unavailable("The database does not answer. Please try again in a moment.") from error
        return found

    async def row(self, connection: AsyncConnection, **values: Any) -> Row | None:
        """The first row, None where there is none. Raises Unavailable."""
        found = await self.rows(connection, **values)
        return found[0] if found else None
