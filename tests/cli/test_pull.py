"""`pull`: a mirror that is identical to the export, wherever it was interrupted and however long it was away."""

import asyncio
import json
import random
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import uvicorn
from httpx import AsyncClient

from app.cli import mirrors, pull
from app.database import Database
from app.errors import OperatorError
from app.main import create_app
from tests.making import SLUG, Made, make, say
from tests.readings.test_changes import exported, something
from tests.running import command, start

pytestmark = pytest.mark.anyio
API = f"/api/v1/consultations/{SLUG}"


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


@pytest.fixture
async def site(database: Database, made: Made) -> AsyncIterator[str]:
    """A server that listens."""
    server = uvicorn.Server(uvicorn.Config(create_app(database), port=0, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await serving


async def history(database: Database, made: Made, seed: int, steps: int) -> None:
    chance, ids = random.Random(seed), [(await say(database, made)).id]
    for _ in range(steps):
        await something(database, made, chance, ids)


def held(file: Path) -> dict[str, Any]:
    rows = sqlite3.connect(file).execute("SELECT id, document FROM contributions ORDER BY number").fetchall()
    return {id: json.loads(document) for id, document in rows}


async def public(database: Database, made: Made, site: str) -> dict[str, Any]:
    found = await exported(database, made)
    here = f"{site}/c/{SLUG}/"
    return {id: each | {"url": each["url"].replace("https://example.org/c/x/", here)} for id, each in found.items()}


async def test_a_mirror_that_was_away_catches_up_in_one_call(
    database: Database, made: Made, site: str, tmp_path: Path, database_url: str
) -> None:
    await history(database, made, 1, 60)
    file, folder = tmp_path / "new/mirror.sqlite", tmp_path / "lines"
    ended = await command("pull", f"{site}/c/{SLUG}", "--to", file)
    assert ended.code == 0 and held(file) == await public(database, made, site), ended.error
    await history(database, made, 2, 120)
    ended = await command("pull", f"{site}{API}", "--to", file)
    assert held(file) == await public(database, made, site)
    account = ended.account()
    assert account["contributions"] == len(held(file)) and account["read"] < account["entries"]
    assert (await command("pull", f"{site}/c/{SLUG}", "--to", file)).account()["read"] == 0
    entries = sqlite3.connect(file).execute("SELECT seq FROM entries ORDER BY seq").fetchall()
    assert [seq for (seq,) in entries] == list(range(1, account["entries"] + 1))
    await pull._pull(f"{site}{API}", str(folder), follow=False)
    lines = [json.loads(line) for line in (folder / "contributions.jsonl").read_text().splitlines()]
    assert {each["id"]: each for each in lines} == held(file)
    await pull._pull(f"{site}{API}", database_url, follow=False)
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch("SELECT id, document FROM plenary_mirror.contributions")
    await connection.execute("DROP SCHEMA plenary_mirror CASCADE")
    await connection.close()
    assert {row["id"]: json.loads(row["document"]) for row in rows} == held(file)


async def test_killed_at_any_moment_it_goes_on(
    database: Database, made: Made, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await history(database, made, 3, 100)
    monkeypatch.setattr(pull, "_LIMIT", 7)
    file, take = tmp_path / "mirror.sqlite", mirrors.Page.steps
    left = iter(range(1, 1_000))

    def cut(page: mirrors.Page) -> Any:
        steps = take(page)
        if next(left) % 3 == 0:  # half of it is written, then the plug is pulled
            return [*steps[:2], ("SELECT no_such_column", [()])]
        return steps

    monkeypatch.setattr(mirrors.Page, "steps", cut)
    for _ in range(1_000):
        try:
            await pull._pull(f"{site}{API}", str(file), follow=False)
            break
        except sqlite3.Error:
            continue
    assert held(file) == await public(database, made, site)


async def test_it_follows_and_ends_when_it_is_told(database: Database, made: Made, site: str, tmp_path: Path) -> None:
    await say(database, made)
    file = tmp_path / "mirror.sqlite"
    following = await start("pull", f"{site}/c/{SLUG}", "--to", file, "--follow")
    assert following.stdout is not None
    assert json.loads(await following.stdout.readline())["contributions"] == 1
    await say(database, made)
    assert json.loads(await asyncio.wait_for(following.stdout.readline(), 5))["contributions"] == 2
    following.kill()
    await following.wait()
    assert held(file) == await public(database, made, site)
    await say(database, made)  # the server answers who is not there any more, and can end


async def test_what_cannot_be_mirrored_is_said(client: AsyncClient, made: Made, tmp_path: Path) -> None:
    for url in ("nowhere", "ftp://example.org/c/x", "https://example.org/", "https://example.org/about/x"):
        with pytest.raises(OperatorError, match="not the address of a consultation"):
            pull.consultation_at(url)
    (tmp_path / "taken").write_text("no folder")
    for where in (tmp_path / "taken" / "mirror.sqlite", "postgresql://nobody@127.0.0.1:1/none"):
        with pytest.raises(OperatorError, match="cannot hold a mirror"):
            await mirrors.open_mirror(str(where))
    mirror = await mirrors.open_mirror(str(tmp_path / "mirror.sqlite"))
    with pytest.raises(OperatorError, match="answered 404: There is no"):
        await pull._follow(client, mirror, "http://testserver/api/v1/consultations/none", follow=False)
    await mirror.close()
