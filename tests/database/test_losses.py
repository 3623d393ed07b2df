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
