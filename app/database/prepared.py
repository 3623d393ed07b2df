"""Queries that are compiled once and put to the driver itself: a fifth of the cost of the way through SQLAlchemy.

For the few that every page asks. Values come as asyncpg gives them: JSON as text, all else as usual.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.sql.selectable import CompoundSelect

Driver = Any  # an asyncpg connection, as `Database.asking` gives it
Row = Any  # an asyncpg Record: its columns by name or position


class Prepared:
    """A SELECT with named `bindparam`s."""

    def __init__(self, query: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]) -> None:
        compiled = query.compile(dialect=dialect())  # type: ignore[no-untyped-call]
        self._sql = str(compiled)
        self._names = compiled.positiontup or []
        self._given = dict(compiled.params)

    async def rows(self, driver: Driver, **values: Any) -> Sequence[Row]:
        """All rows."""
        values = self._given | values
        found: Sequence[Row] = await driver.fetch(self._sql, *[values[name] for name in self._names])
        return found

    async def row(self, driver: Driver, **values: Any) -> Row | None:
        """The first row, None where there is none."""
        found = await self.rows(driver, **values)
        return found[0] if found else None
