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
Bound = tuple[str, tuple[Any, ...]]  # SQL, and the values of its places $1, $2, …
Row = Any  # an asyncpg Record: its columns by name or position


class Prepared:
    """A statement with named `bindparam`s. Its errors are asyncpg's own: see `sqlstate_of`."""

    def __init__(self, statement: Executable) -> None:
        compiled = statement.compile(dialect=dialect())  # type: ignore[attr-defined, no-untyped-call]
        self._sql = str(compiled)
        self._names = compiled.positiontup or []
        self._given = dict(compiled.params)

    def bound(self, **values: Any) -> Bound:
        """The statement and its values, for whoever puts it to the driver together with others."""
        given = self._given | values
        return self._sql, tuple([given[name] for name in self._names])

    async def rows(self, on: Asked, **values: Any) -> Sequence[Row]:
        """All rows, by name; on a session or a connection of SQLAlchemy, within its transaction."""
        _sql, arguments = self.bound(**values)
        driver: Any = on
        if isinstance(on, (AsyncSession, AsyncConnection)):
            driver = await _begun(on)
            if driver is None:
                return await self._first(on, arguments)
        found: Sequence[Row] = await driver.fetch(self._sql, *arguments)
        return found

    async def _first(self, on: AsyncSession | AsyncConnection, arguments: tuple[Any, ...]) -> Sequence[Row]:
        """SQLAlchemy itself begins a transaction with the first statement."""
        result = await (await _connection(on)).exec_driver_sql(self._sql, arguments)
        return result.mappings().all() if result.returns_rows else []

    async def row(self, on: Asked, **values: Any) -> Row | None:
        """The first row, None where there is none."""
        found = await self.rows(on, **values)
        return found[0] if found else None


async def driver_of(on: AsyncSession | AsyncConnection) -> Driver:
    """The driver's connection beneath, in its transaction: begun here, if nothing was asked in it yet."""
    driver = await _begun(on)
    if driver is None:
        await (await _connection(on)).exec_driver_sql("SELECT 1")
        driver = await _begun(on)
    return driver


async def _begun(on: AsyncSession | AsyncConnection) -> Driver | None:
    """The driver's connection, None if the transaction still has to be begun. A session is asked for it once."""
    transaction = on.sync_session.get_transaction() if isinstance(on, AsyncSession) else None
    if transaction is not None and on.info.get(_TRANSACTION) is transaction:
        return on.info[_DRIVER]
    pooled = await (await _connection(on)).get_raw_connection()
    driver: Any = pooled.driver_connection
    if not driver.is_in_transaction() and not pooled.dbapi_connection.autocommit:  # type: ignore[union-attr]
        return None
    if isinstance(on, AsyncSession):
        on.info[_TRANSACTION], on.info[_DRIVER] = on.sync_session.get_transaction(), driver
    return driver


async def _connection(on: AsyncSession | AsyncConnection) -> AsyncConnection:
    return await on.connection() if isinstance(on, AsyncSession) else on


_TRANSACTION, _DRIVER = "transaction", "driver"
