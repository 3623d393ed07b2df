"""Rows written past the session’s unit of work, which costs more than the database: many of a table, one of several."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import count
from typing import Any

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Base
from app.database.prepared import Bound, driver_of

NewRow = tuple[type[Base], Mapping[str, Any]]  # an object for each row costs more than the row


async def copy_in(session: AsyncSession, made: Sequence[Base]) -> None:
    """Insert new rows of one table as they are, by COPY: a third of the cost of as many INSERTs. Every column must have
    its value."""
    table = _table(type(made[0]))
    columns = _binders(table, (await session.connection()).dialect)
    given = [vars(row).get for row in made]
    rows = [[get(key) if bind is None else bind(get(key)) for key, bind in columns] for get in given]
    await (await driver_of(session)).copy_records_to_table(
        table.name, records=rows, columns=[key for key, _bind in columns]
    )


async def insert_together(session: AsyncSession, *made: NewRow, also: Bound) -> None:
    """Insert one new row of each of several tables in a single statement, in whatever order they refer to each other,
    and let `also`, which may refer to them, be done by the same.

    Every column must have its value: no defaults are filled in.
    """
    carried, more = also
    statement, columns = _insert(tuple(_table(table) for table, _values in made), carried)
    given = [values.get for _table, values in made]
    values = [
        get(key) if bind is None else bind(get(key))
        for get, its in zip(given, columns, strict=True)
        for key, bind in its
    ]
    await (await driver_of(session)).execute(statement, *values, *more)


Binder = Callable[[Any], Any] | None  # makes of a value what the driver takes
_VALUE = re.compile(r"\$(\d+)")


@lru_cache
def _insert(tables: tuple[Table, ...], also: str) -> tuple[str, list[list[tuple[str, Binder]]]]:
    """One INSERT that carries those into the other tables and `also`, and the columns that it takes the values of, in
    order."""
    numbers, bound = count(1), dialect()  # type: ignore[no-untyped-call]
    rows = []
    for table in tables:
        names = ", ".join(f'"{column.key}"' for column in table.columns)
        values = ", ".join(f"${next(numbers)}::{column.type.compile(bound)}" for column in table.columns)
        rows.append(f'INSERT INTO "{table.name}" ({names}) VALUES ({values})')  # noqa: S608  # our own names
    before = next(numbers) - 1
    *others, last = _VALUE.sub(lambda place: f"${int(place[1]) + before}", also), *rows
    carried = ", ".join(f"row_{number} AS ({row})" for number, row in enumerate(others))
    return f"WITH {carried} {last}", [_binders(table, bound) for table in tables]


def _binders(table: Table, bound: Dialect) -> list[tuple[str, Binder]]:
    return [(column.key, column.type.dialect_impl(bound).bind_processor(bound)) for column in table.columns]


def _table(of: type[Base]) -> Table:
    table = of.__table__
    assert isinstance(table, Table)
    return table
