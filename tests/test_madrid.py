"""The closing demonstration: a city's whole consultation goes in, and comes out the same three ways.

80 proposals and 5,633 comments of Decide Madrid (2019-09, github.com/argrecsys/decide-madrid-2019-annotations,
Apache-2.0), of which 62 are empty. The data is not part of the project.
"""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import psutil
import pytest
from httpx import AsyncClient
from sqlalchemy import func, select

from app.contributions.importing import BATCH
from app.contributions.models import Contribution
from app.database import Database
from tests.making import BEFORE, SLUG, make
from tests.running import command, start

THREADS = Path(__file__).parents[2] / "shared/data/threads"
TOPICS, COMMENTS = THREADS / "decide_madrid_topics.jsonl", THREADS / "decide_madrid_comments.jsonl"
TAKEN, EMPTY, REATTACHED = 5_571, 62, 275  # 268 parents are missing, one of them of an empty row; 8 parents are empty
ALL = 80 + TAKEN

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not COMMENTS.exists(), reason=f"the data of Decide Madrid is not there ({THREADS})"),
]


async def count(database: Database) -> int:
    async with database.writing() as session:
        return int(await session.scalar(select(func.count()).select_from(Contribution)) or 0)


async def test_what_goes_in_comes_out_the_same_three_ways(database: Database, client: AsyncClient) -> None:
    made = await make(database)
    roots = await command("import", TOPICS, "--consultation", SLUG, "--topic", BEFORE)
    assert roots.account() == {"read": 80, "created": 80, "unchanged": 0, "reattached": 0, "refused": 0}
    planned = await command("import", COMMENTS, "--consultation", SLUG, "--dry-run")
    assert await count(database) == 80

    await killed_in_the_middle(database, made.id)
    there = await count(database) - 80
    assert there % BATCH == 0
    ended = await command("import", COMMENTS, "--consultation", SLUG)
    assert ended.code == 0
    account = ended.account()
    assert account | {"reattached": None} == {
        "read": TAKEN + EMPTY, "created": TAKEN - there, "unchanged": there, "reattached": None, "refused": EMPTY,
    }  # fmt: skip
    assert planned.account() == {
        "read": TAKEN + EMPTY, "created": TAKEN, "unchanged": 0, "reattached": REATTACHED, "refused": EMPTY,
    }  # fmt: skip
    assert ended.error.count(": body: This is empty.") == EMPTY

    exported, listed, followed = await by_export(client), await by_list(client), await by_changes(client)
    assert len(exported) == ALL
    assert exported == listed == followed
    moved = [each for each in exported.values() if "reattached" in each["provenance"]]
    assert len(moved) == REATTACHED
    assert all(each["parent"] == each["thread"] for each in moved)
    assert max(each["depth"] for each in exported.values()) >= 20

    again = await command("import", COMMENTS, "--consultation", SLUG)
    assert again.account() == {
        "read": TAKEN + EMPTY, "created": 0, "unchanged": TAKEN, "reattached": 0, "refused": EMPTY,
    }  # fmt: skip
    assert await by_export(client) == exported


async def killed_in_the_middle(database: Database, consultation: UUID) -> None:
    """Start the import, and kill -9 it once the first batches are in."""
    process = await start("import", COMMENTS, "--consultation", SLUG)
    family = psutil.Process(process.pid)
    while await count(database) <= 80 + BATCH:
        assert process.returncode is None, "it ended before it could be killed"
        await asyncio.sleep(0.02)
    helpers = family.children(recursive=True)
    process.kill()
    await process.communicate()
    _gone, alive = await asyncio.to_thread(psutil.wait_procs, helpers, 10)
    assert alive == []
    async with database.writing() as session:  # the server may still be at the batch that it was sent last
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"import:{consultation}", 0))))


async def by_export(client: AsyncClient) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/consultations/{SLUG}/export.jsonl")
    return {each["id"]: each for each in map(orjson.loads, answer.content.splitlines())}


async def by_list(client: AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = {}
    url = f"/api/v1/consultations/{SLUG}/contributions?limit=700"
    while url:
        page = (await client.get(url)).json()
        assert not found.keys() & {each["id"] for each in page["items"]}
        found |= {each["id"]: each for each in page["items"]}
        url = page["next"]
    return found


async def by_changes(client: AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = {}
    url, after, size = f"/api/v1/consultations/{SLUG}/changes?after=0&limit=1000", 0, 1
    while after < size:
        page = (await client.get(url)).json()
        for entry in page["items"]:
            assert entry["seq"] == after + 1
            after = entry["seq"]
            if entry["kind"].startswith("contribution."):
                found[entry["subject"]] = entry["contribution"]
            found |= {each["id"]: each for each in entry["related"]}
        url, size = page["next"], page["size"]
    return {id: each for id, each in found.items() if each is not None}
