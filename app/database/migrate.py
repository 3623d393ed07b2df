"""The schema, brought up to date: Alembic under a lock, so that many starters migrate once."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from asyncpg.exceptions import PostgresError
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from app.database import asyncpg_url
from app.errors import OperatorError

OLDEST_POSTGRES = 15
_CHECKOUT = Path(__file__).resolve().parents[2]
_LOCK = 7_526_453  # any number that no other advisory lock of ours has
_PATIENCE = 120.0  # seconds that a starter waits for another one's migration
_PATIENCE_TO_CONNECT = 10
_ATTEMPTS = 20
_LOCK_NOT_AVAILABLE = "55P03"
_NOT_ALLOWED = "42501"


async def upgrade(url: str) -> None:
    """Create or update all tables of the database at `url`.

    Several processes may call this together: one migrates, the others wait. Raises `OperatorError` with one
    sentence if the database is unreachable, too old, or too busy.
    """
    async with connected(url) as connection:
        await _take_turn(connection)
        for attempt in range(_ATTEMPTS):
            try:
                await connection.run_sync(_upgrade_to_head)
                return
            except CommandError as error:
                raise OperatorError(
                    f"The database was made by a newer version of Plenary than this one ({error})."
                ) from error
            except DBAPIError as error:
                if _state(error) != _LOCK_NOT_AVAILABLE:
                    raise
                await connection.rollback()
                await asyncio.sleep(0.1 + 0.1 * attempt)
        raise OperatorError(
            "The database is too busy to be updated now: its tables stay locked. Please try again later."
        )


async def is_current(engine: AsyncEngine) -> bool:
    """Whether the database has exactly the tables that this version of the code expects; False while unreachable."""
    try:
        async with engine.connect() as connection:
            found = await connection.scalars(text("SELECT version_num FROM alembic_version"))
            return set(found) == newest()
    except (SQLAlchemyError, OSError, TimeoutError):
        return False


async def is_empty(url: str) -> bool:
    """Whether the database at `url` has no tables yet. Raises `OperatorError` if it is unreachable or too old."""
    async with connected(url) as connection:
        return not await connection.scalar(text("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')"))


@lru_cache
def newest() -> frozenset[str]:
    """The identifiers of the latest migrations in the checkout (one, unless branches wait to be merged)."""
    return frozenset(ScriptDirectory.from_config(config()).get_heads())


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AsyncConnection]:
    """One plain connection to a PostgreSQL that is new enough. Raises `OperatorError` with one sentence if not."""
    engine = create_async_engine(asyncpg_url(url), poolclass=NullPool, connect_args={"timeout": _PATIENCE_TO_CONNECT})
    try:
        try:
            connection = await engine.connect()
        except (SQLAlchemyError, PostgresError, OSError, TimeoutError) as error:
            raise OperatorError(f"The database at {_place(url)} cannot be reached: {_reason(error)}.") from error
        try:
            await _refuse_if_too_old(connection)
            yield connection
        except DBAPIError as error:
            if _state(error) != _NOT_ALLOWED:
                raise
            raise OperatorError(
                f"The database's user may not do what is needed ({_reason(error)}): "
                "docs/operators.md has a script for the database's administrator."
            ) from error
        finally:
            await connection.close()
    finally:
        await engine.dispose()


async def _refuse_if_too_old(connection: AsyncConnection) -> None:
    number = int(await connection.scalar(text("SELECT current_setting('server_version_num')")) or 0)
    await connection.commit()
    if number < OLDEST_POSTGRES * 10_000:
        raise OperatorError(
            f"The database is PostgreSQL {number // 10_000}; Plenary needs PostgreSQL {OLDEST_POSTGRES} or newer."
        )


async def _take_turn(connection: AsyncConnection) -> None:
    """Hold the advisory lock until the connection closes. Asks again and again, since one who waits inside
    a statement keeps a snapshot open, which CREATE INDEX CONCURRENTLY would wait for."""
    give_up = time.monotonic() + _PATIENCE
    while not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}):
        await connection.rollback()
        if time.monotonic() > give_up:
            raise OperatorError(
                "Another process has been updating this database for two minutes. Please try again later."
            )
        await asyncio.sleep(0.1)
    await connection.commit()


def _upgrade_to_head(connection: Connection) -> None:
    # Where there is nothing to do, a command would wait longest for all our tables, which the migrations import.
    if set(MigrationContext.configure(connection).get_current_heads()) != newest():
        command.upgrade(config(connection), "head")


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, for commands on that connection."""
    made = Config(_CHECKOUT / "alembic.ini")
    made.attributes["connection"] = connection
    return made


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _place(url: str) -> str:
    address = make_url(url)
    return str(address.host or address.query.get("host") or "localhost")


def _reason(error: BaseException) -> str:
    """The innermost cause, in one line."""
    while error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, (TimeoutError, asyncio.CancelledError)):  # the driver gives up a connection by the latter
        return f"it does not answer within {_PATIENCE_TO_CONNECT} seconds"
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(words.partition("DETAIL:")[0].split()).rstrip(".") or type(error).__name__
