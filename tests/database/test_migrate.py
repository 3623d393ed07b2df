"""The schema is brought up to date once, whoever asks."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import make_url, text

from app.database import READER_ROLE, Database, databases, migrate
from app.database.reader import MAKE_READER
from app.errors import OperatorError

pytestmark = pytest.mark.anyio


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


async def test_a_database_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "_PATIENCE_TO_CONNECT", 1)
    async with await asyncio.start_server(lambda _reader, _writer: asyncio.sleep(30), "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        with pytest.raises(OperatorError, match="cannot be reached: it does not answer within 1 seconds"):
            async with migrate.connected(f"postgresql://nobody@127.0.0.1:{port}/nothing"):
                pass


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


@pytest.fixture
async def plain_url(server_url: str, template: str, worker_id: str) -> AsyncIterator[str]:
    """A database whose owner is no superuser but may make roles, as on managed servers."""
    name = f"{template}_plain_{worker_id}"
    await databases.create(server_url, name)
    url = databases.sibling(server_url, name)
    async with migrate.connected(url) as connection:
        await connection.execute(text(f"CREATE ROLE \"{name}\" LOGIN CREATEROLE CREATEDB PASSWORD 'plain'"))
        await connection.execute(text(f'ALTER DATABASE "{name}" OWNER TO "{name}"'))
        await connection.commit()
    yield make_url(url).set(username=name, password="plain").render_as_string(hide_password=False)
    await databases.drop(server_url, name)
    async with migrate.connected(server_url) as connection:
        await connection.execute(text(f'DROP OWNED BY "{name}" CASCADE'))
        await connection.execute(text(f'DROP ROLE "{name}"'))
        await connection.commit()


async def test_an_owner_without_superpowers(plain_url: str, server_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It makes the role and may become it: under another name here, as this cluster has the usual one."""
    role = databases.name_of(plain_url) + "_reader"
    async with migrate.connected(plain_url) as connection:
        for _ in range(2):
            await connection.execute(
                text(MAKE_READER.replace(READER_ROLE, f'"{role}"').replace(f"'\"{role}\"'", f"'{role}'"))
            )
        await connection.execute(text(f'SET ROLE "{role}"'))
        assert await connection.scalar(text("SELECT current_user")) == role
        await connection.execute(text("RESET ROLE"))
        await connection.execute(text(f'DROP ROLE "{role}"'))
        await connection.commit()


async def test_an_owner_who_may_not_use_the_role_is_told(plain_url: str, database: Database) -> None:
    async with database.at_once() as connection:
        if int(await connection.scalar(text("SHOW server_version_num")) or 0) < 160_000:
            pytest.skip("before PostgreSQL 16, who may make roles may use all of them")
    with pytest.raises(OperatorError, match=r"docs/operators\.md"):
        await migrate.upgrade(plain_url)
