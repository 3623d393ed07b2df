"""Engines and sessions: one that writes as the owner, one that reads as `plenary_reader`."""

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import asyncpg
from sqlalchemy import MetaData, Text, Uuid, event, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from app import errors
from app.database import admission
from app.database.addresses import asyncpg_url
from app.database.prepared import Driver
from app.language import gettext as _

log = logging.getLogger(__name__)

READER_ROLE = "plenary_reader"
DATABASE_ERRORS = (DBAPIError, asyncpg.PostgresError)  # of SQLAlchemy, and of the driver itself

_CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Milliseconds. A hung database must become a clear 503, not a hung page.
_SERVER_SETTINGS = {
    "application_name": "plenary",
    "timezone": "UTC",
    "statement_timeout": "15000",
    "lock_timeout": "10000",
    "idle_in_transaction_session_timeout": "60000",
    "jit": "off",
}
_READER_SETTINGS = _SERVER_SETTINGS | {
    "role": READER_ROLE,
    "default_transaction_read_only": "on",
    "statement_timeout": "5000",
    "work_mem": "16MB",  # a million texts as single bits: else search has to look at whole pages of them
}
# A list may be narrowed down to what is rare or to what is common, and wants another plan for each: a generic one made
# a topic of 10,000 contributions three times slower. What is found by a key has only one plan: to make it costs more
# than to run it.
_PLANNED_EACH_TIME = {"plan_cache_mode": "force_custom_plan"}
_PLANNED_ONCE = {"plan_cache_mode": "force_generic_plan"}
_ADMIT = text(f"SELECT set_config('{admission.SETTING}', :to, false)")
_ADMIT_DRIVER = f"SELECT set_config('{admission.SETTING}', $1, false)"
_SELDOM = 10.0  # seconds between lines in the log about a lost database: each request would write one
_MOST_ASKING = 4  # connections: such queries take a fraction of a millisecond


class Base(DeclarativeBase):
    """Base of every table. Columns are written as annotations; the types below say what each becomes."""

    metadata = MetaData(naming_convention=_CONSTRAINT_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(),
        str: Text(),
        datetime: TIMESTAMP(timezone=True, precision=3),
        list[str]: ARRAY(Text()),
        list[Any]: JSONB(),
        dict[str, Any]: JSONB(),
    }


class Database:
    """The engines of one process.

    `write` connects as the owner; `read` and `asked` switch to the role `plenary_reader`, which sees only what is
    public. `asked` is for the few queries that every page needs, see `prepared.py`. Members of private consultations
    read through `inside`, whose connections are told at each use what their reader may see: see `admission.py`.
    """

    def __init__(self, url: str, read_url: str | None = None, pool: int = 8) -> None:
        self.write = _engine(url, pool, _SERVER_SETTINGS)
        self.read = _engine(read_url or url, pool, _READER_SETTINGS | _PLANNED_EACH_TIME)
        self.asked = _engine(read_url or url, min(pool, _MOST_ASKING), _READER_SETTINGS | _PLANNED_ONCE)
        self.inside = _engine(read_url or url, min(pool, _MOST_ASKING), _READER_SETTINGS | _PLANNED_EACH_TIME)
        self.snapshots, self._inside_snapshots = _both(self.read, self.inside, "REPEATABLE READ")
        self.statements, self._inside_statements = _both(self.read, self.inside, "AUTOCOMMIT")
        self.singles = self.write.execution_options(isolation_level="AUTOCOMMIT")
        self._sessions = async_sessionmaker(self.write, expire_on_commit=False, autoflush=False)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """One transaction: commits at the end, rolls back on any error. Raises `errors.Unavailable`."""
        with unavailable_if_lost():
            async with self._sessions() as session, session.begin():
                yield session

    @asynccontextmanager
    async def at_once(self) -> AsyncIterator[AsyncConnection]:
        """As `writing`, for single statements, each of which commits by itself. Raises `errors.Unavailable`."""
        with unavailable_if_lost():
            async with self.singles.connect() as connection:
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One repeatable-read snapshot as `plenary_reader`. Raises `errors.Unavailable`."""
        with unavailable_if_lost():
            async with _connected(self.snapshots, self._inside_snapshots) as connection:
                yield connection

    @asynccontextmanager
    async def glancing(self) -> AsyncIterator[AsyncConnection]:
        """As `reading`, for a single statement: no transaction around it. Raises `errors.Unavailable`."""
        with unavailable_if_lost():
            async with _connected(self.statements, self._inside_statements) as connection:
                yield connection

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[Driver]:
        """A connection of the driver itself, as `plenary_reader`, for `Prepared` queries, each a snapshot of its own.

        Raises `errors.Unavailable`.
        """
        async with self._driver(self.asked) as driver:
            yield driver

    @asynccontextmanager
    async def recognising(self) -> AsyncIterator[Driver]:
        """As `asking`, as the owner, for who asks: each statement commits by itself. Raises `errors.Unavailable`."""
        async with _driver_of(self.write) as driver:
            yield driver

    @asynccontextmanager
    async def fetching(self) -> AsyncIterator[Driver]:
        """As `asking`, for `Prepared` queries whose plan depends on their values. Raises `errors.Unavailable`."""
        async with self._driver(self.read) as driver:
            yield driver

    @asynccontextmanager
    async def _driver(self, engine: AsyncEngine) -> AsyncIterator[Driver]:
        if not admission.admitted():
            async with _driver_of(engine) as driver:
                yield driver
            return
        async with _driver_of(self.inside) as driver:
            await driver.execute(_ADMIT_DRIVER, admission.setting())
            yield driver

    async def close(self) -> None:
        """Close all connections of all engines."""
        for engine in (self.write, self.read, self.asked, self.inside):
            await engine.dispose()


@asynccontextmanager
async def _connected(everyone: AsyncEngine, members: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    if not admission.admitted():
        async with everyone.connect() as connection:
            yield connection
        return
    async with members.connect() as connection:
        await connection.execute(_ADMIT, {"to": admission.setting()})
        yield connection


def _both(first: AsyncEngine, second: AsyncEngine, isolation: Any) -> tuple[AsyncEngine, AsyncEngine]:
    return first.execution_options(isolation_level=isolation), second.execution_options(isolation_level=isolation)


@asynccontextmanager
async def _driver_of(engine: AsyncEngine) -> AsyncIterator[Driver]:
    with unavailable_if_lost():
        pooled = await engine.raw_connection()
        try:
            yield pooled.driver_connection
        except errors.PlenaryError:
            pooled.close()
            raise
        except BaseException:
            pooled.invalidate()  # whatever went wrong, nobody may find it half used
            raise
        pooled.close()


class unavailable_if_lost:  # noqa: N801  # reads as a sentence in a with statement
    """Turns a lost, hung or exhausted database into `errors.Unavailable`, and says in the log what it was."""

    _told: ClassVar[float] = -_SELDOM

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, (PoolTimeout, OSError, TimeoutError)) or _connection_lost(error):
            self._tell(error)
            raise errors.Unavailable(_("The database does not answer. Please try again in a moment.")) from error

    @classmethod
    def _tell(cls, error: BaseException | None) -> None:
        """Without its message, in which somebody's words may stand."""
        if time.monotonic() < cls._told + _SELDOM:
            return
        cls._told = time.monotonic()
        while error is not None and error.__cause__ is not None:
            error = error.__cause__
        log.warning("The database does not answer: %s %s", type(error).__name__, sqlstate_of(error))


def _connection_lost(error: BaseException | None) -> bool:
    if isinstance(error, asyncpg.InterfaceError) and not isinstance(error, ValueError):  # those are about values
        return True
    if isinstance(error, DBAPIError):
        unexplained = isinstance(error, (OperationalError, InterfaceError)) and not sqlstate_of(error)
        return error.connection_invalidated or unexplained or _is_loss(error)
    return _is_loss(error)


def _is_loss(error: BaseException | None) -> bool:
    return sqlstate_of(error)[:2] in ("08", "53", "57") or sqlstate_of(error) == "55P03"


def sqlstate_of(error: BaseException | None) -> str:
    """The SQLSTATE of a database error, SQLAlchemy's or the driver's; empty for none."""
    return getattr(error, "sqlstate", None) or getattr(getattr(error, "orig", None), "sqlstate", None) or ""


def _engine(url: str, pool: int, server_settings: dict[str, str]) -> AsyncEngine:
    engine = create_async_engine(
        asyncpg_url(url),
        pool_size=pool,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=False,
        pool_use_lifo=True,  # the connection used last has its statements and its memory at hand
        hide_parameters=True,  # what a failed statement carried (texts, addresses) has no place in a log
        connect_args={"timeout": 5, "command_timeout": 20, "server_settings": server_settings},
    )
    event.listen(engine.sync_engine, "checkout", _make_anew_if_closed)
    return engine


def _make_anew_if_closed(connection: Any, *_in_the_pool: object) -> None:
    """What was closed while nobody used it, as all are when Postgres begins anew, nobody has to hear of."""
    if connection.driver_connection.is_closed():  # known without asking
        raise DisconnectionError
