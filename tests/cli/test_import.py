"""`import`: the account, what is listed, and what it refuses as a whole."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.contributions.models import Contribution
from app.database import Database
from tests.making import AFTER, SLUG, make
from tests.running import Ended, command

pytestmark = pytest.mark.anyio

ROWS: list[dict[str, Any]] = [
    {"id": "r", "title": "A root", "body": "Text.", "topic_id": None, "votes": 7},
    {"id": "a", "body": "A reply.", "topic_id": "r", "parent_id": "gone"},
    {"id": "b", "body": "", "topic_id": "r"},
    {"id": "c", "body": "Another.", "topic_id": "r", "parent_id": "b", "mood": "good"},
    {"id": "a", "body": "Again."},
    {"body": "Who am I?"},
    {"id": "d", "body": "x", "created_at": "long ago"},
    {"id": "e" * 201, "body": "x"},
]
ACCOUNT = {"read": 9, "created": 3, "unchanged": 0, "reattached": 2, "refused": 6}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join([*map(json.dumps, ROWS), "nonsense"]))
    return path


async def imported(file: Path, *more: str) -> Ended:
    return await command("import", file, "--consultation", SLUG, *more)


async def count(database: Database) -> int:
    async with database.writing() as session:
        return int(await session.scalar(select(func.count()).select_from(Contribution)) or 0)


async def test_the_account_and_every_refused_row(database: Database, file: Path) -> None:
    await make(database)
    dry = await imported(file, "--topic", AFTER, "--dry-run")
    assert (dry.code, dry.account(), await count(database)) == (0, ACCOUNT, 0)
    ended = await imported(file, "--topic", AFTER)
    assert (ended.code, ended.account(), await count(database)) == (0, ACCOUNT, 3)
    assert ended.out.count("\n") == 1
    lines = ended.error.splitlines()
    for line in (
        "Line 3: body: This is empty.",
        "Line 5: id: “a” is on line 2 already",
        "Line 6: id: is missing, and without it a second run could not know this row again",
        "Line 7: created_at: This is to be a date, such as 2016-07-26 or 2016-07-26T09:00:00Z.",
        "Line 8: id: This has 201 characters; at most 200 fit.",
        "Ignored columns: votes, mood",
    ):
        assert line in lines
    assert any(line.startswith("Line 9: is no JSON") for line in lines)
    again = await imported(file, "--topic", AFTER)
    assert again.account() == ACCOUNT | {"created": 0, "reattached": 0, "unchanged": 3}


async def test_csv_of_a_spreadsheet(database: Database, tmp_path: Path) -> None:
    await make(database)
    file = tmp_path / "rows.csv"
    file.write_text(f'\ufeffid;topic_id;title;body\n1;{AFTER};A root;"Two\nlines; one text"\n2;1;;A reply\n')
    assert (await imported(file)).account() == {"read": 2, "created": 2, "unchanged": 0, "reattached": 0, "refused": 0}


async def test_without_a_topic_roots_are_refused_with_what_to_do(database: Database, file: Path) -> None:
    await make(database)
    ended = await imported(file)
    assert ended.account()["created"] == 0
    assert "Line 1: topic_id: This names no topic, and there is none for all (`topic`)." in ended.error


async def test_what_cannot_be_begun(database: Database, file: Path) -> None:
    await make(database)
    for arguments, says in (
        (
            (file, "--consultation", SLUG, "--topic", "nothing"),
            f"{SLUG} has no topic nothing; it has inclusion, diasporas.",
        ),
        ((file, "--consultation", "nowhere"), "There is no consultation “nowhere” here"),
        ((file.with_name("missing"), "--consultation", SLUG), "does not exist"),
    ):
        ended = await command("import", *arguments)
        assert (ended.code, ended.out) == (2, "")
        assert says in ended.error
        assert "Traceback" not in ended.error
