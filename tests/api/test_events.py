"""The change feed as server-sent events, from a server that listens: what comes, how it goes on, and how it ends."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from httpx import AsyncClient, Response

from app.api import events, waiting_room
from app.database import Database
from tests.making import SLUG, Made, make, say
from tests.serving import Site, served

pytestmark = pytest.mark.anyio
CHANGES = f"/api/v1/consultations/{SLUG}/changes"
AS_EVENTS = {"Accept": "text/event-stream"}


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


@pytest.fixture
async def site(database: Database, made: Made) -> AsyncIterator[Site]:
    async with served(database) as site:
        yield site


@asynccontextmanager
async def streaming(site: Site, after: int, **headers: str) -> AsyncIterator[tuple[Response, AsyncIterator[str]]]:
    async with (
        AsyncClient(base_url=site.url, timeout=10) as client,
        client.stream("GET", f"{CHANGES}?after={after}", headers=AS_EVENTS | headers) as answer,
    ):
        yield answer, answer.aiter_lines()


async def event(lines: AsyncIterator[str]) -> tuple[int, dict[str, Any]]:
    """The next one, without the comments before it."""
    found: dict[str, str] = {}
    async for line in lines:
        name, _, value = line.partition(": ")
        if line and name != ":":
            found[name] = value
        elif found:
            return int(found["id"]), orjson.loads(found["data"])
    raise EOFError


async def test_events_are_the_entries_and_go_on(
    database: Database, made: Made, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_SILENCE", 0.2)
    await say(database, made)
    async with AsyncClient(base_url=site.url) as client:
        items = (await client.get(CHANGES)).json()["items"]
        async with streaming(site, 0) as (answer, lines):
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert answer.headers["cache-control"] == "no-store" and "etag" not in answer.headers
            assert answer.headers["access-control-allow-origin"] == "*"
            given = [await event(lines) for _ in items]
            assert [entry for _, entry in given] == items and [seq for seq, _ in given] == [e["seq"] for e in items]
            assert await asyncio.wait_for(anext(lines), 1) == ":"  # it lives
            await say(database, made)
            seq, entry = await asyncio.wait_for(event(lines), 2)
            assert (seq, entry["kind"]) == (len(items) + 1, "contribution.published")
        async with streaming(site, 0, **{"Last-Event-ID": str(len(items))}) as (_, lines):
            assert await event(lines) == (seq, entry)
        for last, status in (("x", 400), ("-1", 400), ("9" * 99, 400), (str(seq + 1), 422)):
            async with streaming(site, 0, **{"Last-Event-ID": last}) as (answer, _):
                assert answer.status_code == status and answer.headers["content-type"] == "application/problem+json"
        assert "Accept" in (await client.get(CHANGES)).headers["vary"]


async def test_a_stream_takes_a_place_and_gives_it_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_room, "PLACES_OF_ONE", 1)
    async with streaming(site, 0) as (_, lines):
        await event(lines)
        async with streaming(site, 0) as (refused, _):
            assert refused.status_code == 429 and int(refused.headers["retry-after"]) > 0
    waiting = site.app.state.waiting_room
    for _ in range(100):
        await asyncio.sleep(0.02)
        if not waiting._taken:
            break
    assert not waiting._taken and not site.app.state.watch._streams
    # Whoever hangs up while waiting for a page gives the place back, too.
    async with AsyncClient(base_url=site.url) as client:
        size = (await client.get(CHANGES)).json()["size"]
        asking = asyncio.create_task(client.get(CHANGES, params={"after": size, "wait": 60}))
        await asyncio.sleep(0.3)
        assert waiting._taken
        asking.cancel()
    await asyncio.sleep(0.3)
    assert not waiting._taken


async def test_many_wait_without_a_database_connection_each_and_all_end_with_the_process(
    database: Database, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_room, "PLACES_OF_ONE", 500)
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    try:
        async with streaming(site, 0) as (_, lines), AsyncClient(base_url=site.url, timeout=20) as client:
            while (await event(lines))[0] < (await client.get(CHANGES)).json()["size"]:
                continue
            size = (await client.get(CHANGES)).json()["size"]
            asking = [client.get(CHANGES, params={"after": size, "wait": 60}) for _ in range(99)]
            waiting = [asyncio.create_task(each) for each in asking]
            pools: list[Any] = [engine.pool for engine in (database.read, database.asked, database.write)]
            async with asyncio.timeout(15):
                while (
                    sum(site.app.state.waiting_room._taken.values()) < 100
                    or sum(pool.checkedout() for pool in pools) > 2
                ):
                    await asyncio.sleep(0.1)
            signal.raise_signal(signal.SIGTERM)
            answers = await asyncio.wait_for(asyncio.gather(*waiting), 3)
            assert all(answer.json()["items"] == [] for answer in answers)
            with pytest.raises(EOFError):
                await asyncio.wait_for(event(lines), 3)
    finally:
        signal.signal(signal.SIGTERM, before)
