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
from httpx import AsyncClient

from app.api import following
from app.cli import mirrors, pull
from app.database import Database
from app.errors import OperatorError
from app.readings.record.changes import changes
from tests.making import SLUG, Made, make, say
from tests.readings.test_changes import exported, something
from tests.running import command, start
from tests.serving import served

pytestmark = pytest.mark.anyio
API = f"/api/v1/consultations/{SLUG}"


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


@pytest.fixture
async def site(database: Database, made: Made) -> AsyncIterator[str]:
    """A server that listens."""
    async with served(database) as site:
        yield site.url


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


async def test_another_record_at_the_same_address_is_noticed(
    database: Database, made: Made, site: str, tmp_path: Path, database_url: str
) -> None:
    """Set back to an older copy, or made anew: the mirror keeps what it holds, and says so."""
    file, url = tmp_path / "mirror.sqlite", f"{site}{API}"
    await say(database, made)
    for where in (str(file), database_url):
        await pull._pull(url, where, follow=False)
    before = held(file)
    postgres = await asyncpg.connect(database_url)
    await postgres.execute("UPDATE plenary_mirror.entries SET subject = 'another'")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE entries SET time = '2020-01-01T00:00:00.000Z'")
    for where in (str(file), database_url):
        await say(database, made)
        with pytest.raises(OperatorError, match=r"not the one that was mirrored: entry .* is not the one"):
            await pull._pull(url, where, follow=False)
    await postgres.execute("DROP SCHEMA plenary_mirror CASCADE")
    await postgres.close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE mirrors SET seq = seq + 1000")
    ended = await command("pull", url, "--to", file)
    assert ended.code == 1 and "and this mirror holds 1" in ended.error and "stays as it is" in ended.error
    assert held(file) == before


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


async def test_killed_with_the_plug_it_goes_on(
    database: Database, made: Made, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server gives seven entries at a time, and the client is killed around the second page, and again."""
    await history(database, made, 5, 150)
    read, chance = changes, random.Random(5)
    pages = 0

    async def few(connection: Any, id: Any, prefix: str, after: int, limit: int) -> Any:
        nonlocal pages
        pages += 1
        if pages in (2, 5):
            asyncio.get_running_loop().call_later(chance.random() / 100, pulling.kill)
        return await read(connection, id, prefix, after, min(limit, 7))

    monkeypatch.setattr(following, "changes", few)
    file, codes = tmp_path / "mirror.sqlite", []
    while 0 not in codes:
        pulling = await start("pull", f"{site}/c/{SLUG}", "--to", file)
        _, error = await pulling.communicate()
        codes.append(pulling.returncode)
        assert codes[-1] in (0, -9), error
    assert codes == [-9, -9, 0]
    assert held(file) == await public(database, made, site)


async def test_an_empty_consultation_is_followed_without_haste(
    database: Database, made: Made, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    ask = pull._next

    async def counted(*given: Any) -> Any:
        asked.append(given[-1])
        return await ask(*given)

    monkeypatch.setattr(pull, "_next", counted)
    task = asyncio.create_task(pull._pull(f"{site}{API}", str(tmp_path / "mirror.sqlite"), follow=True))
    await asyncio.sleep(0.7)
    task.cancel()
    assert asked == [0, pull._WAIT]


async def test_it_follows_and_ends_when_it_is_told(database: Database, made: Made, site: str, tmp_path: Path) -> None:
    await say(database, made)
    file = tmp_path / "mirror.sqlite"
    pulling = await start("pull", f"{site}/c/{SLUG}", "--to", file, "--follow")
    assert pulling.stdout is not None
    assert json.loads(await pulling.stdout.readline())["contributions"] == 1
    await say(database, made)
    assert json.loads(await asyncio.wait_for(pulling.stdout.readline(), 5))["contributions"] == 2
    pulling.kill()
    await pulling.wait()
    assert held(file) == await public(database, made, site)
    await say(database, made)  # the server answers who is not there any more, and can end


async def test_what_cannot_be_mirrored_is_said(client: AsyncClient, made: Made, tmp_path: Path) -> None:
    for url in ("nowhere", "ftp://example.org/c/x", "https://example.org/", "https://example.org/about/x"):
        with pytest.raises(OperatorError, match="not the address of a consultation"):
            pull.consultation_at(url)
    (tmp_path / "taken").write_text("no folder")
    for where in (tmp_path / "taken" / "mirror.sqlite", "postgresql://nobody@127.0.0.1:1/none", "mysql://x", ""):
        with pytest.raises(OperatorError, match=r"cannot (hold a mirror|be kept in)"):
            await mirrors.open_mirror(str(where))
    mirror = await mirrors.open_mirror(str(tmp_path / "mirror.sqlite"))
    with pytest.raises(OperatorError, match="answered 404: There is no"):
        await pull._follow(client, mirror, "http://testserver/api/v1/consultations/none", follow=False)
    with pytest.raises(OperatorError, match=r"answered 422: .* The record has"):
        await pull._next(client, f"http://testserver{API}", 10_000, 0)
    await mirror.close()
