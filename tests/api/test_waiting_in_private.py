"""Waiting for changes of a private consultation: for its members alone, and for as long as they are members."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from app.accounts.actions import grant_role, take_role_back
from app.accounts.private_consultations import make_private
from app.api import events, following
from app.database import Database
from app.permissions import OPERATOR
from app.readings.record.changes import changes
from tests.api.talk import key_for
from tests.api.test_events import event, streaming
from tests.making import SLUG, Made, make, say
from tests.serving import Site, served

pytestmark = pytest.mark.anyio
MEMBER = ("participant-a@example.org", "participant")


@pytest.fixture
async def made(database: Database) -> Made:
    """The consultation is private, and its participant a member."""
    made = await make(database)
    async with database.writing() as session:
        await make_private(session, made.id, "invited", None)
        await grant_role(session, OPERATOR, *MEMBER, made.id)
    return made


@pytest.fixture
async def site(database: Database, made: Made) -> AsyncIterator[Site]:
    async with served(database) as site:
        yield site


@pytest.fixture
async def key(database: Database, made: Made) -> str:
    return f"Bearer {await key_for(database, made.participant)}"


async def test_nobody_else_is_answered_what_a_member_asks_at_the_same_moment(
    site: Site, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(*given: object) -> object:
        begun.set()
        await go_on.wait()
        return await changes(*given)  # type: ignore[arg-type]

    async def asked(**headers: str) -> int:
        async with streaming(site, 0, **headers) as (answer, _lines):
            return answer.status_code

    monkeypatch.setattr(following, "changes", slowly)
    member = asyncio.create_task(asked(Authorization=key))
    await begun.wait()
    stranger = asyncio.create_task(asked())
    await asyncio.wait({stranger}, timeout=1)
    go_on.set()
    assert (await member, await stranger) == (200, 404)


async def test_a_stream_ends_with_the_membership(
    database: Database, made: Made, site: Site, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_SILENCE", 0.1)
    async with streaming(site, 0, Authorization=key) as (answer, lines):
        assert answer.status_code == 200
        await event(lines)
        await say(database, made)
        while (await asyncio.wait_for(event(lines), 2))[1]["kind"] != "contribution.published":
            continue
        async with database.writing() as session:
            await take_role_back(session, OPERATOR, *MEMBER, made.id)
        await say(database, made)
        with pytest.raises(EOFError):
            await asyncio.wait_for(event(lines), 2)


async def test_who_waits_is_told_nothing_after_the_membership(
    database: Database, made: Made, site: Site, key: str
) -> None:
    async with AsyncClient(base_url=site.url, headers={"Authorization": key}) as client:
        address = f"/api/v1/consultations/{SLUG}/changes"
        size = (await client.get(address)).json()["size"]
        waiting = asyncio.create_task(client.get(address, params={"after": size, "wait": 20}, timeout=30))
        while site.app.state.watch._poller is None:
            await asyncio.sleep(0.01)
        async with database.writing() as session:
            await take_role_back(session, OPERATOR, *MEMBER, made.id)
        await say(database, made)
        assert (await asyncio.wait_for(waiting, 5)).status_code == 404
