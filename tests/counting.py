"""Counts the statements that reach the database, whichever way: through SQLAlchemy or put to the driver."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import event

from app.database import Database

_OF_THE_DRIVER = ("typeinfo_tree", "current_setting('jit')")  # what it asks once on each connection
_HERE: ContextVar[bool] = ContextVar("here", default=False)


@asynccontextmanager
async def counted(database: Database) -> AsyncIterator[list[str]]:
    """The statements that this task runs inside the block; not those of the worker, which goes on beside it."""
    seen: list[str] = []
    engines = [engine.sync_engine for engine in (database.read, database.asked, database.write)]

    def note(query: Any) -> None:
        if _HERE.get() and not any(own in query.query for own in _OF_THE_DRIVER):
            seen.append(query.query)

    def checked_out(connection: Any, *_more: Any) -> None:
        connection.driver_connection.add_query_logger(note)

    def checked_in(connection: Any, *_more: Any) -> None:
        if connection is not None:
            connection.driver_connection.remove_query_logger(note)

    for engine in engines:
        event.listen(engine, "checkout", checked_out)
        event.listen(engine, "checkin", checked_in)
    token = _HERE.set(True)
    try:
        yield seen
        await asyncio.sleep(0)  # the driver tells of a query a moment after it
    finally:
        _HERE.reset(token)
        for engine in engines:
            event.remove(engine, "checkout", checked_out)
            event.remove(engine, "checkin", checked_in)
