"""Where a mirror is kept: an SQLite file, a folder of JSON lines, or a schema of a Postgres database.

All three hold the same tables. What a page of changes does is one transaction with the place: a mirror is always whole.
"""

import os
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import asyncpg
import orjson

from app.errors import OperatorError

_TABLES = """
CREATE TABLE IF NOT EXISTS mirrors (
    consultation TEXT PRIMARY KEY,  -- its address in the API
    seq BIGINT NOT NULL             -- the last entry that was read
);
CREATE TABLE IF NOT EXISTS contributions (
    id TEXT PRIMARY KEY, consultation TEXT NOT NULL, number INTEGER NOT NULL, topic TEXT NOT NULL, thread TEXT NOT NULL,
    parent TEXT, kind TEXT NOT NULL, title TEXT, body TEXT NOT NULL, language TEXT NOT NULL, author TEXT,
    organisation TEXT, country TEXT, published TEXT NOT NULL, updated TEXT NOT NULL,
    document TEXT NOT NULL          -- all of it, as the API gives it
);
CREATE TABLE IF NOT EXISTS entries (
    consultation TEXT NOT NULL, seq BIGINT NOT NULL, time TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
    entry TEXT NOT NULL,            -- all of it, without contributions
    PRIMARY KEY (consultation, seq)
);
CREATE UNIQUE INDEX IF NOT EXISTS contributions_number ON contributions (consultation, number);
"""
_COLUMNS = (
    "id", "consultation", "number", "topic", "thread", "parent", "kind", "title", "body", "language", "author",
    "organisation", "country", "published", "updated", "document",
)  # fmt: skip
_PLACES = ", ".join(f"${place}" for place in range(1, len(_COLUMNS) + 1))
_PUT = f"INSERT INTO contributions ({', '.join(_COLUMNS)}) VALUES ({_PLACES})"  # noqa: S608  # our own names
_DROP = "DELETE FROM contributions WHERE id = $1"
_ENTER = "INSERT INTO entries (consultation, seq, time, kind, subject, entry) VALUES ($1, $2, $3, $4, $5, $6)"
_ARRIVE = "INSERT INTO mirrors VALUES ($1, $2) ON CONFLICT (consultation) DO UPDATE SET seq = excluded.seq"
_WHERE = "SELECT seq FROM mirrors WHERE consultation = $1"
_LAST = "SELECT time, kind, subject FROM entries WHERE consultation = $1 ORDER BY seq DESC LIMIT 1"
_COUNT = "SELECT count(*) FROM contributions WHERE consultation = $1"
_ALL = "SELECT document FROM contributions WHERE consultation = $1 ORDER BY number"

Steps = list[tuple[str, list[tuple[Any, ...]]]]


@dataclass(slots=True)
class Page:
    """What a page of the change feed does: its entries, and for each contribution it names what it is now, or None."""

    consultation: str
    entries: list[dict[str, Any]] = field(default_factory=list)
    now: dict[str, dict[str, Any] | None] = field(default_factory=dict)

    def steps(self) -> Steps:
        """The statements, in an order in which numbers never collide."""
        given = [each for each in self.now.values() if each is not None]
        return [
            (_DROP, [(id,) for id in self.now]),
            (_PUT, [_row(self.consultation, each) for each in given]),
            (_ENTER, [_entry(self.consultation, each) for each in self.entries]),
            (_ARRIVE, [(self.consultation, self.entries[-1]["seq"])]),
        ]


class Mirror(Protocol):
    """A mirror that is open."""

    async def position(self, consultation: str) -> int:
        """The last entry that it holds; 0 for none."""

    async def last_entry(self, consultation: str) -> tuple[str, ...]:
        """When that was, its kind and its subject; empty for none."""

    async def take(self, page: Page) -> None:
        """Write what a page of changes does, wholly or not at all."""

    async def finish(self, consultation: str) -> int:
        """What belongs to the end of a run. Returns how many contributions there are."""

    async def close(self) -> None:
        """Put it away."""


class _SqliteMirror:
    """A mirror in a file; with `lines`, what is public is written there as JSON lines at the end of each run."""

    def __init__(self, file: Path, lines: Path | None = None) -> None:
        self._lines = lines
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(file, isolation_level=None)
            self._connection.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            raise OperatorError(f"{file} cannot hold a mirror: {error}.", status=2) from None

    async def position(self, consultation: str) -> int:
        row = self._connection.execute(_WHERE.replace("$", "?"), (consultation,)).fetchone()
        return int(row[0]) if row else 0

    async def last_entry(self, consultation: str) -> tuple[str, ...]:
        return tuple(self._connection.execute(_LAST.replace("$", "?"), (consultation,)).fetchone() or ())

    async def take(self, page: Page) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for statement, rows in page.steps():
                self._connection.executemany(statement.replace("$", "?"), rows)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    async def finish(self, consultation: str) -> int:
        if self._lines is not None:
            part = self._lines.with_name(f"{self._lines.name}.part")
            with part.open("w", encoding="utf-8") as file:
                for (document,) in self._connection.execute(_ALL.replace("$", "?"), (consultation,)):
                    file.write(f"{document}\n")
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._lines)
        return int(self._connection.execute(_COUNT.replace("$", "?"), (consultation,)).fetchone()[0])

    async def close(self) -> None:
        self._connection.close()


class _PostgresMirror:
    """A mirror in the schema `plenary_mirror` of a database."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, url: str) -> "_PostgresMirror":
        """Raises OperatorError where there is no such database."""
        try:
            connection = await asyncpg.connect(url, timeout=10, server_settings={"search_path": "plenary_mirror"})
            await connection.execute(f"CREATE SCHEMA IF NOT EXISTS plenary_mirror;{_TABLES}")
        except (OSError, asyncpg.PostgresError, ValueError) as error:
            raise OperatorError(f"This database cannot hold a mirror: {error}.", status=2) from None
        return cls(connection)

    async def position(self, consultation: str) -> int:
        return int(await self._connection.fetchval(_WHERE, consultation) or 0)

    async def last_entry(self, consultation: str) -> tuple[str, ...]:
        return tuple(await self._connection.fetchrow(_LAST, consultation) or ())

    async def take(self, page: Page) -> None:
        async with self._connection.transaction():
            for statement, rows in page.steps():
                await self._connection.executemany(statement, rows)

    async def finish(self, consultation: str) -> int:
        return int(await self._connection.fetchval(_COUNT, consultation))

    async def close(self) -> None:
        await self._connection.close()


async def open_mirror(where: str) -> Mirror:
    """An address that begins with postgresql://, a name that ends in .sqlite or .db, or else a folder.

    Raises OperatorError.
    """
    if where.startswith(("postgresql://", "postgres://")):
        return await _PostgresMirror.open(where)
    if not where or "://" in where:
        raise OperatorError(f"A mirror cannot be kept in “{where}”: name a file, a folder or postgresql://…", status=2)
    path = Path(where)
    if path.suffix in (".sqlite", ".sqlite3", ".db"):
        return _SqliteMirror(path)
    return _SqliteMirror(path / "mirror.sqlite", path / "contributions.jsonl")


def _row(consultation: str, given: dict[str, Any]) -> tuple[Any, ...]:
    author, organisation = given["author"] or {}, given["organisation"] or {}
    same = ("number", "topic", "thread", "parent", "kind", "title", "body", "language")
    return (
        given["id"], consultation, *(given[name] for name in same), author.get("name"), organisation.get("name"),
        organisation.get("country"), given["published"], given["updated"], _json(given),
    )  # fmt: skip


def _entry(consultation: str, given: dict[str, Any]) -> tuple[Any, ...]:
    alone = {name: value for name, value in given.items() if name not in ("contribution", "related")}
    return (consultation, given["seq"], given["time"], given["kind"], given["subject"], _json(alone))


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
