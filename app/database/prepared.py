"""Statements that are compiled once and put to the driver itself: a fifth of the cost of the way through SQLAlchemy.

For the few that every page asks and every text needs.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.sql.base import Executable

Driver = Any  # an asyncpg connection, as `Database.asking` gives it
Asked = Driver | AsyncSession | AsyncConnection
Row = Any  # an asyncpg Record: its columns by name or position


class Prepared:
    """A statement with named `bindparam`s. Its errors are asyncpg's own: see `sqlstate_of`."""

    def __init__(self, statement: Executable) -> None:
        compiled = statement.compile(dialect=dialect())  # type: ignore[attr-defined, no-untyped-call]
        self._sql = str(compiled)
        self._names = compiled.positiontup or []
        self._given = dict(compiled.params)

    async def rows(self, on: Asked, **values: Any) -> Sequence[Row]:
        """All rows; on a session or a connection of SQLAlchemy, within its transaction."""
        driver = await driver_of(on) if isinstance(on, (AsyncSession, AsyncConnection)) else on
        values = self._given | values
        found: Sequence[Row] = await driver.fetch(self._sql, *[values[name] for name in self._names])
        return found

    async def row(self, on: Asked, **values: Any) -> Row | None:
        """The first row, None where there is none."""
        found = await self.rows(on, **values)
        return found[0] if found else None


async def driver_of(on: AsyncSession | AsyncConnection) -> Driver:
    """The driver's connection beneath, in its transaction: begun here, if nothing was asked in it yet."""
    connection = await on.connection() if isinstance(on, AsyncSession) else on
    pooled = await connection.get_raw_connection()
    driver: Any = pooled.driver_connection
    if not driver.is_in_transaction() and not pooled.dbapi_connection.autocommit:  # type: ignore[union-attr]
        await connection.exec_driver_sql("SELECT 1")
    return driver
