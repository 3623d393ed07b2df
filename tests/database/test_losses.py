"""A database that fails is told to people in a sentence, and to the operator by its kind."""

import pytest
from sqlalchemy import text

from app import errors
from app.database import Database, unavailable_if_lost

pytestmark = pytest.mark.anyio

FULL = "DO $$ BEGIN RAISE EXCEPTION 'geheim' USING ERRCODE = 'disk_full'; END $$"


async def test_the_log_says_once_what_failed_and_nothing_of_whom(
    database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unavailable_if_lost, "_told", -10.0)
    for _ in range(3):
        with pytest.raises(errors.Unavailable):
            async with database.writing() as session:
                await session.execute(text(FULL))
    assert [record.getMessage() for record in caplog.records] == ["The database does not answer: DiskFullError 53100"]


async def test_nobody_hears_of_connections_that_ended_while_they_were_idle(
    database: Database, database_url: str
) -> None:
    async def ask(own: Database) -> set[int]:
        mine = "SELECT pg_backend_pid()"
        async with own.writing() as session, own.reading() as connection, own.asking() as driver:
            asked = (await session.scalar(text(mine)), await connection.scalar(text(mine)), await driver.fetchval(mine))
        async with own.recognising() as first, own.recognising() as second:
            return {*asked, await first.fetchval(mine), await second.fetchval(mine)}

    own = Database(database_url, pool=2)
    before = await ask(own)
    async with database.writing() as session:
        ended = text("SELECT pg_terminate_backend(pid, 5000) FROM unnest(CAST(:pids AS int[])) AS pid")
        await session.execute(ended, {"pids": list(before)})
    assert not before & await ask(own)
    await own.close()
