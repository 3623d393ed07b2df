"""A real Postgres for the tests: one server for the run, one migrated database per worker, emptied after each test.

Embedded, unless PLENARY_TEST_DATABASE_URL (or PLENARY_DATABASE_URL) names a server whose user may create databases and
roles; what is in that server already is left alone.
"""

import asyncio
import gc
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy import text

# Before anything reads the settings: no test may see the operator's, nor write into the data folder.
_SERVER = os.environ.get("PLENARY_TEST_DATABASE_URL") or os.environ.get("PLENARY_DATABASE_URL")
for _name in [name for name in os.environ if name.startswith("PLENARY_") and not name.startswith("PLENARY_TEST_")]:
    del os.environ[_name]
if _SERVER:
    os.environ["PLENARY_TEST_DATABASE_URL"] = _SERVER  # for the workers that xdist starts from here

from app.config import settings
from app.database import Database, databases, embedded, migrate
from app.database.locks import FileLock


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give the run a temporary folder of its own: pytest's usual one is closed to Postgres's user by the next run."""
    if not hasattr(config, "workerinput") and not config.option.basetemp:
        config.option.basetemp = tempfile.mkdtemp(prefix="plenary-test-")
        config.add_cleanup(lambda: shutil.rmtree(config.option.basetemp, ignore_errors=True))
    os.environ["PLENARY_DATA"] = f"{config.option.basetemp}/settings"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays until the end: no garbage is looked for in it, neither meanwhile nor after."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Tests marked with `anyio` run on asyncio, all of a worker in one loop."""
    return "asyncio"


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def server_url(shared_folder: Path) -> Iterator[str]:
    """A Postgres server where databases can be made and dropped."""
    if _SERVER:
        yield _SERVER
    else:
        with embedded.running(shared_folder / "data") as url:
            asyncio.run(_forget_durability(url))
            yield url


@pytest.fixture(scope="session")
def template(server_url: str, shared_folder: Path) -> Iterator[str]:
    """The name of a migrated, empty database, made by the first worker and dropped by the last."""
    name = "plenary_test_" + hashlib.sha256(str(shared_folder).encode()).hexdigest()[:8]
    with FileLock(shared_folder / "template.users") as users:
        with _turn(shared_folder):
            users.take(shared=True)
            if not (shared_folder / "template.made").exists():
                asyncio.run(_make_template(server_url, name))
                (shared_folder / "template.made").touch()
        yield name
        with _turn(shared_folder):
            if users.take():
                asyncio.run(databases.drop(server_url, name))


@pytest.fixture(scope="session")
def database_url(server_url: str, template: str) -> Iterator[str]:
    """The address of this worker's own database, known to the settings."""
    name = f"{template}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    asyncio.run(databases.create(server_url, name, template=template))
    yield databases.sibling(server_url, name)
    asyncio.run(databases.drop(server_url, name))


@pytest.fixture(scope="session")
async def opened(anyio_backend: str, database_url: str) -> AsyncIterator[Database]:
    """One set of connections for all tests of a worker: each new one would have to learn every statement again."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def database(
    opened: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Database]:
    """The database as the application has it; empty before and after the test.

    No window of a limit ends during a test: what it counts would begin anew.
    """
    monkeypatch.setenv("PLENARY_DATABASE_URL", database_url)
    monkeypatch.setenv("PLENARY_DATA", str(tmp_path / "data"))
    began = time.time()
    monkeypatch.setattr("app.accounts.limits._seconds", lambda: began)
    settings.cache_clear()
    try:
        yield opened
    finally:
        await _empty(opened)
        settings.cache_clear()


@pytest.fixture
async def client(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncClient]:
    """A browser or API client in front of the whole application.

    Its worker rests: a test that wants its work done says so by `worker.catch_up`, and nobody does it beside.
    """
    from app import worker
    from app.main import create_app

    async def rest(_database: Database, _base_url: str, stop: asyncio.Event) -> None:
        await stop.wait()

    monkeypatch.setattr(worker, "run", rest)
    app = create_app(database)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as browser,
    ):
        yield browser


async def _forget_durability(server_url: str) -> None:
    """Nothing here has to survive a crash, and many small databases made durable take minutes."""
    async with migrate.connected(server_url) as connection:
        connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
        for name in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            await connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
        await connection.execute(text("SELECT pg_reload_conf()"))


async def _make_template(server_url: str, name: str) -> None:
    await databases.drop(server_url, name)  # from a run with the same folder that was killed
    await databases.create(server_url, name)
    await migrate.upgrade(databases.sibling(server_url, name))


async def _empty(database: Database) -> None:
    """Empty the tables that have rows: far quicker than all of them; and rows one by one where they are few."""
    async with database.write.begin() as connection:
        await connection.execute(text(_EMPTY_THE_FILLED))


_EMPTY_THE_FILLED = """
DO $$
DECLARE name text; large text[] := '{}'; has_rows boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO has_rows;
        IF has_rows AND pg_relation_size(quote_ident(name)) < 200000 THEN EXECUTE format('DELETE FROM %I', name);
        ELSIF has_rows THEN large := large || quote_ident(name); END IF;
    END LOOP;
    IF large <> '{}' THEN EXECUTE 'TRUNCATE ' || array_to_string(large, ', ') || ' CASCADE'; END IF;
END $$
"""


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    with FileLock(folder / "template.gate") as gate:
        assert gate.take(wait=600)
        yield
