"""The list of erasures holds each of them, in whole lines, and nothing about people."""

import json
from pathlib import Path

import pytest
from sqlalchemy import update

from app.accounts.actions import erase_account
from app.config import settings
from app.contributions import actions
from app.database import Database
from app.moderation import erasing
from app.permissions import OPERATOR
from app.record.models import Cursor
from app.worker import catch_up
from tests.making import BEFORE, Made, make, say

pytestmark = pytest.mark.anyio


def lines() -> list[dict[str, str]]:
    return [json.loads(line) for line in settings().erasure_list.read_text().splitlines()]


async def erase(database: Database, made: Made) -> str:
    said = await say(database, made)
    async with database.writing() as session:
        await erasing.erase(session, made.participant, said.id)
    return str(said.id)


async def test_each_erasure_is_a_line(database: Database) -> None:
    made = await make(database)
    assert made.participant.person is not None
    public = await erase(database, made)
    private = await say(database, made, topic=BEFORE)
    revised = await say(database, made)
    async with database.writing() as session:
        await erasing.erase(session, made.organiser, private.id, reason="Ana asked us to")
        await actions.edit(session, made.participant, revised.id, 1, {"body": "Other text."})
        await erasing.erase_revision(session, made.participant, revised.id, 1)
        await erase_account(session, OPERATOR, made.participant.person)
    await catch_up(database, "http://localhost")
    listed = {line["kind"]: line for line in lines()}
    assert set(listed) == {"contribution.erased", "text.erased", "contribution.redacted", "account.erased"}
    assert listed["contribution.erased"]["subject"] == public
    assert listed["text.erased"]["contribution"] == str(private.id)
    assert listed["contribution.redacted"]["revision"]
    assert listed["account.erased"]["subject"] == str(made.participant.person)
    assert all(line["time"].endswith("Z") for line in listed.values())
    assert "Ana" not in settings().erasure_list.read_text()


async def test_a_line_that_comes_twice_is_the_same(database: Database) -> None:
    made = await make(database)
    await erase(database, made)
    await catch_up(database, "http://localhost")
    async with database.writing() as session:
        await session.execute(update(Cursor).where(Cursor.consumer == "erasures").values(seq=0))
    await catch_up(database, "http://localhost")
    first, second = lines()
    assert first == second


@pytest.mark.parametrize("torn", ['{"kind": "contribution.er', "x" * 10_000])
async def test_a_line_that_a_crash_cut_short_is_replaced(database: Database, torn: str) -> None:
    path: Path = settings().erasure_list
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"kind": "account.erased", "subject": "1"}\n' + torn)
    made = await make(database)
    await erase(database, made)
    await catch_up(database, "http://localhost")
    assert [line["kind"] for line in lines()] == ["account.erased", "contribution.erased"]


async def test_without_erasures_there_is_no_list(database: Database) -> None:
    await say(database, await make(database))
    await catch_up(database, "http://localhost")
    assert not settings().erasure_list.exists()
