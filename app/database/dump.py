"""Backup and restore, in pg_dump's own format: the last line of defence, and the way to another server."""

import asyncio
import json
import os
import re
import secrets
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.database import Database, cluster, databases, migrate
from app.database.reader import MAKE_READER
from app.errors import OperatorError

_SIGNATURE = b"PGDMP"  # how pg_dump's custom format begins
Reapply = Callable[[Database, list[dict[str, Any]]], Awaitable[None]]


async def backup(url: str, file: Path) -> None:
    """Write the whole database at `url`, which may be in use, to `file`: one consistent moment of it.

    Raises `OperatorError`; an existing file stays as it was until the new one is whole.
    """
    if not await migrate.is_ours(url):
        raise OperatorError(f"The database {databases.name_of(url)} has no tables of Plenary: nothing was backed up.")
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    address, secret = databases.libpq(url)
    program = await _program("pg_dump", url)
    try:
        unfinished.touch(mode=0o600)
        options = ("--format=custom", "--no-unlogged-table-data", f"--file={unfinished}")
        _refuse(await _run(program, *options, address, environment=secret))
        unfinished.replace(file)
    except OSError as error:
        raise OperatorError(f"The backup cannot be written to {file}: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


async def restore(url: str, file: Path, erasures: Path, reapply: Reapply) -> int:
    """Put the backup in place of the database at `url`, bring it up to date, and erase again what has been erased.

    All of it happens in a database aside, which takes the name in the end: until then nothing changes, whatever
    goes wrong. Returns the number of erasures. Raises `OperatorError`.
    """
    require_backup(file)
    entries = _entries(erasures)
    name = databases.name_of(url)
    fresh, aside = (f"{name[:40]}_{word}_{secrets.token_hex(4)}" for word in ("restoring", "before"))
    await _refuse_if_in_use(url)
    for leftover in await databases.names(url, f"{re.escape(name[:40])}_(restoring|before)_[0-9a-f]{{8}}"):
        await databases.drop(url, leftover)  # of a restore that was killed
    await databases.create(url, fresh)
    try:
        fresh_url = databases.sibling(url, fresh)
        await _fill(fresh_url, file)
        await migrate.upgrade(fresh_url)
        await _erase_again(fresh_url, entries, reapply)
        await _refuse_if_in_use(url)
        await databases.swap(url, name, fresh, aside=aside)
    except BaseException:
        await databases.drop(url, fresh)
        raise
    await databases.drop(url, aside)
    return len(entries)


def require_backup(file: Path) -> None:
    """Raises `OperatorError` for a file that is none."""
    if not is_backup(file):
        raise OperatorError(f"The file {file} is not a backup: `python3 -m app backup FILE` makes one.", status=2)


def is_backup(file: Path) -> bool:
    """Whether a file begins as backups do."""
    with file.open("rb") as stream:
        return stream.read(len(_SIGNATURE)) == _SIGNATURE


async def _fill(url: str, file: Path) -> None:
    async with migrate.connected(url) as connection:
        # Grants and policies in the backup name this role, and roles are not part of a backup.
        await connection.execute(text(MAKE_READER))
        await connection.commit()
    address, secret = databases.libpq(url)
    program = await _program("pg_restore", url)
    _refuse(await _run(program, "--no-owner", f"--dbname={address}", str(file), environment=secret))
    if not await migrate.is_ours(url):
        raise OperatorError(f"The file {file} is a backup, but not one of Plenary.", status=2)
    async with migrate.connected(url) as connection:
        await connection.execute(text("ANALYZE"))
        await connection.commit()


async def _erase_again(url: str, entries: list[dict[str, Any]], reapply: Reapply) -> None:
    database = Database(url, pool=2)
    try:
        await reapply(database, entries)
    finally:
        await database.close()


def _entries(erasures: Path) -> list[dict[str, Any]]:
    """The list of erasures. A last line without its end was cut short by a crash, and never acknowledged."""
    try:
        lines = erasures.read_text().split("\n")[:-1]
        return [json.loads(line) for line in lines if line.strip()]
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise OperatorError(
            f"The list of erasures {erasures} cannot be read ({error}): nothing was restored."
        ) from error


async def _refuse_if_in_use(url: str) -> None:
    for _ in range(50):  # connections that were just closed take a moment to go
        if not await databases.clients(url, databases.name_of(url)):
            return
        await asyncio.sleep(0.1)
    raise OperatorError("The database is in use: stop every server and program that uses it, then restore.")


async def _program(name: str, url: str) -> Path:
    """pg_dump or pg_restore as old as the server, or else a newer one: from the PATH, Debian's folders, or our own."""
    async with migrate.connected(url) as connection:
        number = int(await connection.scalar(text("SELECT current_setting('server_version_num')")) or 0)
    server = number // 10_000
    found = shutil.which(name)
    candidates = [Path(f"/usr/lib/postgresql/{server}/bin/{name}"), cluster.programs() / name]
    fitting: dict[int, Path] = {}
    for program in [*([Path(found)] if found else []), *candidates]:
        if program.exists():
            version = re.search(r"\d+", (await _run(program, "--version"))[0])
            if version and int(version[0]) >= server:
                fitting.setdefault(int(version[0]), program)
    if not fitting:
        raise OperatorError(f"The server is PostgreSQL {server}: put its {name} on the PATH, the ones here are older.")
    return fitting[min(fitting)]


def _refuse(result: tuple[str, str, bool]) -> None:
    """Raise `OperatorError` with the first complaint of a program that counts."""
    _, complaints, failed = result
    lines = [line for line in complaints.splitlines() if "error: " in line]
    # Newer programs set this for servers that do not know it yet; it changes nothing.
    telling = [line for line in lines if "transaction_timeout" not in line]
    if failed and (telling or not lines):
        raise OperatorError((telling or complaints.splitlines() or ["The program says nothing"])[0].strip())


async def _run(program: Path, *arguments: str, environment: dict[str, str] | None = None) -> tuple[str, str, bool]:
    """Run one of PostgreSQL's programs. Returns what it printed, what it complained of, and whether it failed."""
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "LC_ALL": "C", **(environment or {})},
    )
    try:
        words, complaints = await process.communicate()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    return words.decode(errors="replace"), complaints.decode(errors="replace"), process.returncode != 0
