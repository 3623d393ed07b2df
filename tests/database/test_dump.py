"""A backup holds everything, a restore replaces everything or nothing, and what was erased stays erased."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.database import Database, databases, dump, migrate
from app.errors import OperatorError

pytestmark = pytest.mark.anyio


@pytest.fixture
async def url(server_url: str, template: str, worker_id: str) -> AsyncIterator[str]:
    """A database of its own with one table of known content, nobody connected."""
    name = f"{template}_dump_{worker_id}"
    await databases.create(server_url, name, template=template)
    address = databases.sibling(server_url, name)
    await execute(address, "CREATE TABLE kept AS SELECT 'first' AS word")
    yield address
    for left in await databases.names(server_url, f"{name}(_.*)?"):
        await databases.drop(server_url, left)


async def execute(url: str, statement: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def nothing(database: Database, entries: list[dict[str, Any]]) -> None:
    """A hook that has nothing to erase."""


async def anything(_url: str) -> bool:
    """Takes any database for one of ours."""
    return True


async def test_round_trip(url: str, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    await execute(url, "INSERT INTO signing_keys VALUES (1, 'seed', now())")
    await dump.backup(url, file)
    await execute(url, "DELETE FROM signing_keys")
    assert file.stat().st_mode & 0o077 == 0
    await execute(url, "UPDATE kept SET word = 'second'")
    await dump.restore(url, file, tmp_path / "none", nothing)
    assert await execute(url, "SELECT word FROM kept") == "first"
    assert await execute(url, "SELECT has_table_privilege('plenary_reader', 'consultations', 'SELECT')")
    assert await execute(url, "SELECT seed FROM signing_keys") == b"seed"  # or nobody would trust the record any more
    assert not await execute(url, "SELECT has_table_privilege('plenary_reader', 'signing_keys', 'SELECT')")
    assert await databases.names(url, f"{databases.name_of(url)}_.*") == []
    database = Database(url, pool=1)
    assert await migrate.is_current(database.write)
    await database.close()


async def test_erasures_are_repeated_before_anybody_sees_them(url: str, tmp_path: Path) -> None:
    file, erasures = tmp_path / "backup", tmp_path / "erasures.jsonl"
    await dump.backup(url, file)
    erasures.write_text(json.dumps({"word": "first"}) + "\n" + '{"cut sho')

    async def reapply(database: Database, entries: list[dict[str, Any]]) -> None:
        assert entries == [{"word": "first"}]
        async with database.at_once() as connection:
            await connection.exec_driver_sql("DELETE FROM kept")

    assert await dump.restore(url, file, erasures, reapply) == 1
    assert await execute(url, "SELECT count(*) FROM kept") == 0


async def test_a_list_that_cannot_be_read_stops_everything(url: str, tmp_path: Path) -> None:
    await dump.backup(url, tmp_path / "backup")
    (tmp_path / "erasures.jsonl").write_text("not json\n")
    with pytest.raises(OperatorError, match="nothing was restored"):
        await dump.restore(url, tmp_path / "backup", tmp_path / "erasures.jsonl", nothing)


@pytest.mark.parametrize("damage", ["cut", "garbage", "empty"])
async def test_a_broken_file_destroys_nothing(url: str, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "backup"
    await dump.backup(url, file)
    whole = file.read_bytes()
    file.write_bytes({"cut": whole[: len(whole) * 2 // 3], "garbage": b"hello\n" * 100, "empty": b""}[damage])
    with pytest.raises(OperatorError) as error:
        await dump.restore(url, file, tmp_path / "none", nothing)
    assert "\n" not in error.value.message
    assert ("is not a backup" in error.value.message) == (damage != "cut")
    assert await execute(url, "SELECT word FROM kept") == "first"
    assert await databases.names(url, f"{databases.name_of(url)}_.*") == []


async def test_a_backup_of_something_else_is_refused(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await execute(url, "DROP TABLE alembic_version")
    with pytest.raises(OperatorError, match="no tables of Plenary"):
        await dump.backup(url, tmp_path / "backup")
    with monkeypatch.context() as another_program:
        another_program.setattr(migrate, "is_ours", anything)
        await dump.backup(url, tmp_path / "backup")
    with pytest.raises(OperatorError, match="not one of Plenary"):
        await dump.restore(url, tmp_path / "backup", tmp_path / "none", nothing)


async def test_a_failing_hook_destroys_nothing(url: str, tmp_path: Path) -> None:
    async def fail(database: Database, entries: list[dict[str, Any]]) -> None:
        raise OperatorError("It does not work.")

    await dump.backup(url, tmp_path / "backup")
    await execute(url, "UPDATE kept SET word = 'second'")
    with pytest.raises(OperatorError, match="does not work"):
        await dump.restore(url, tmp_path / "backup", tmp_path / "none", fail)
    assert await execute(url, "SELECT word FROM kept") == "second"


async def test_a_database_in_use_is_not_replaced(url: str, tmp_path: Path) -> None:
    await dump.backup(url, tmp_path / "backup")
    user = await asyncpg.connect(url)
    try:
        await dump.backup(url, tmp_path / "backup")
        with pytest.raises(OperatorError, match="in use"):
            await dump.restore(url, tmp_path / "backup", tmp_path / "none", nothing)
        assert await user.fetchval("SELECT word FROM kept") == "first"
    finally:
        await user.close()


async def test_a_backup_that_fails_leaves_the_former_one(url: str, tmp_path: Path) -> None:
    file = tmp_path / "folder" / "backup"
    with pytest.raises(OperatorError, match="cannot be written"):
        await dump.backup(url, file)
    (tmp_path / "backup").write_text("former")
    with pytest.raises(OperatorError):
        await dump.backup(databases.sibling(url, "nonexistent"), tmp_path / "backup")
    assert (tmp_path / "backup").read_text() == "former"
    assert [path.name for path in tmp_path.iterdir()] == ["backup"]
