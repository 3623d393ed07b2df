"""What Postgres did for a query, step by step: few rows are read in a moment in any way, and a million are not."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.database.prepared import Driver, driver_of

Step = dict[str, Any]


async def steps_of(on: AsyncSession | AsyncConnection, query: Select[Any]) -> list[Step]:
    """The steps of a query of SQLAlchemy."""
    compiled = query.compile(dialect=dialect(), compile_kwargs={"render_postcompile": True})  # type: ignore[no-untyped-call]
    values = [compiled.params[name] for name in compiled.positiontup or ()]
    return await steps_at(await driver_of(on), str(compiled), *values)


async def steps_at(driver: Driver, query: str, *values: Any) -> list[Step]:
    """The steps of a query that is put to the driver."""
    plan = await driver.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", *values)
    return list(_beneath(plan[0]["Plan"]))


def rows_read(steps: list[Step], table: str) -> int:
    """How many rows of a table were looked at, those included that did not fit."""
    return sum(
        int(step["Actual Loops"] * (step["Actual Rows"] + step.get("Rows Removed by Filter", 0)))
        for step in steps
        if step.get("Relation Name") == table
    )


def _beneath(step: Step) -> Iterator[Step]:
    yield step
    for each in step.get("Plans", ()):
        yield from _beneath(each)
