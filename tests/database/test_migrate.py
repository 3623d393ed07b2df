"""The schema is brought up to date once, whoever asks."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from app.database import Database, databases, migrate
from app.errors import OperatorError

pytestmark = pytest.mark.anyio


@pytest.fixture
async def empty_url(server_url: str, template: str, worker_id: str) -> AsyncIterator[str]:
    name = f"{template}_empty_{worker_id}"
    await databases.create(server_url, name)
    yield databases.sibling(server_url, name)
    await databases.drop(server_url, name)


async def test_several_starters_migrate_once(empty_url: str) -> None:
    await asyncio.gather(*(migrate.upgrade(empty_url) for _ in range(4)))
    database = Database(empty_url, pool=1)
    try:
        assert await migrate.is_current(database.write)
    finally:
        await database.close()


async def test_a_locked_table_delays_and_does_not_block(database: Database, database_url: str) -> None:
    """The starter takes its turn again and again while another one holds it."""
    async with migrate.connected(database_url) as other:
        await other.execute(text("SELECT pg_advisory_lock(7526453)"))
        await other.commit()
        waiting = asyncio.create_task(migrate.upgrade(database_url))
        await asyncio.sleep(0.3)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 10)


async def test_not_current_before_the_first_migration(empty_url: str) -> None:
    database = Database(empty_url, pool=1)
    try:
        assert not await migrate.is_current(database.write)
    finally:
        await database.close()


async def test_downgrade_and_up_again(empty_url: str) -> None:
    from alembic import command

    await migrate.upgrade(empty_url)
    async with migrate.connected(empty_url) as connection:
        await connection.run_sync(lambda given: command.downgrade(migrate.config(given), "base"))
        left = await connection.scalar(
            text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'")
        )
        assert left == 0
    await migrate.upgrade(empty_url)


async def test_the_models_and_the_migrations_agree(database: Database, database_url: str) -> None:
    from alembic import command

    async with migrate.connected(database_url) as connection:
        await connection.run_sync(lambda given: command.check(migrate.config(given)))


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "postgresql://nobody@/none?host=/nonexistent"])
async def test_unreachable_is_one_sentence(url: str) -> None:
    with pytest.raises(OperatorError, match="cannot be reached") as error:
        await migrate.upgrade(url)
    assert "\n" not in error.value.message


async def test_old_postgres_is_refused(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "OLDEST_POSTGRES", 99)
    with pytest.raises(OperatorError, match="needs PostgreSQL 99 or newer"):
        await migrate.upgrade(database_url)
