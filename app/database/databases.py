"""Whole databases on a server: made, swapped and dropped, always with the same sort order."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import make_url

from app.errors import OperatorError

_BUILTIN_SINCE = 17


def sibling(url: str, name: str) -> str:
    """The address of another database on the same server."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def name_of(url: str) -> str:
    """The name of the database at an address."""
    return make_url(url).database or "postgres"


async def create(server: str, name: str, *, template: str | None = None) -> None:
    """Make a database on the server at that address: empty, or a copy of `template`. Raises `OperatorError`."""
    async with _administering(server) as connection:
        if template is not None:
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            return
        builtin = connection.get_server_version().major >= _BUILTIN_SINCE
        # Sorting by code point is the same on every machine; people get theirs in the application.
        locale = "LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE" if builtin else "LOCALE"
        await connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' {locale} 'C.UTF-8'")


async def drop(server: str, name: str) -> None:
    """Drop a database with whatever is connected to it; nothing happens if there is none."""
    async with _administering(server) as connection:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def swap(server: str, current: str, fresh: str, *, aside: str) -> None:
    """Give `fresh` the name `current`, whose former holder (if any) becomes `aside`: both or neither."""
    async with _administering(server) as connection, connection.transaction():
        if await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", current):
            await connection.execute(f'ALTER DATABASE "{current}" RENAME TO "{aside}"')
        await connection.execute(f'ALTER DATABASE "{fresh}" RENAME TO "{current}"')


async def names(server: str, pattern: str) -> list[str]:
    """The databases whose whole name fits the regular expression."""
    async with _administering(server) as connection:
        found = await connection.fetch("SELECT datname FROM pg_database WHERE datname ~ $1", f"^(?:{pattern})$")
        return [row["datname"] for row in found]


async def clients(server: str, name: str) -> int:
    """How many clients are connected to the database."""
    async with _administering(server) as connection:
        counted = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = $1"
            " AND backend_type IS DISTINCT FROM 'autovacuum worker'",
            name,
        )
        return int(counted)


def libpq(url: str) -> tuple[str, dict[str, str]]:
    """The address as PostgreSQL's own programs take it, and what goes into their environment: the password,
    which everybody on the machine could read on the command line."""
    given = make_url(url).set(drivername="postgresql")
    secret = {"PGPASSWORD": str(given.password)} if given.password else {}
    # Nothing given to set() stands for: as it was.
    return given._replace(password=None).render_as_string(hide_password=False), secret


@asynccontextmanager
async def _administering(server: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the server's maintenance database, which stands in nobody's way."""
    try:
        connection = await asyncpg.connect(_plain(sibling(server, "postgres")), timeout=10)
    except (asyncpg.PostgresError, OSError, TimeoutError) as error:
        raise OperatorError(f"The database cannot be reached: {error}.") from error
    try:
        yield connection
    except asyncpg.InsufficientPrivilegeError as error:
        raise OperatorError(
            f"The database user may not do this: {error}. docs/operators.md says which rights it needs."
        ) from error
    except asyncpg.ObjectInUseError as error:
        raise OperatorError(f"The database is in use: {error}.") from error
    finally:
        await connection.close()


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
