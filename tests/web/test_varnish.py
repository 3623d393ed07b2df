"""Behind a shared cache that knows nothing of us: what is public is kept and goes in time, what is private never is."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.accounts.sessions import start_session
from app.database import Database
from app.permissions import Actor
from tests.api.talk import key_for
from tests.making import BEFORE, SLUG, Made, decide, say
from tests.serving import served
from tests.varnish import PROGRAM, Varnish, from_memory, varnish

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(PROGRAM is None, reason="There is no varnishd here (Debian package varnish)."),
]
C, API = f"/c/{SLUG}", f"/api/v1/consultations/{SLUG}"
LEFT_AFTER = 15.0  # seconds, at the most
PUBLIC = (C, f"{C}/1", f"{C}/decisions", API, f"{API}/contributions", f"{API}/changes", f"{API}/export.jsonl")


@asynccontextmanager
async def cached(database: Database) -> AsyncIterator[Varnish]:
    async with served(database) as site, varnish(site.url) as cache:
        yield cache


async def signed_in(database: Database, actor: Actor) -> str:
    """A cookie."""
    assert actor.person is not None
    async with database.writing() as session:
        _id, token = await start_session(session, actor.person, "Firefox on Linux")
    return f"plenary_session={token}"


async def test_what_is_public_is_kept_and_leaves_in_time(database: Database, made: Made) -> None:
    text = await say(database, made, title="To be taken back", body="To be taken back. " * 80)
    by_id = f"/api/v1/contributions/{text.id}"
    async with cached(database) as cache:
        for path in (*PUBLIC, by_id):
            first, again = await cache.get(path), await cache.get(path)
            assert not from_memory(first) and from_memory(again), path
            assert first.status_code == again.status_code == 200 and first.content == again.content
            known = await cache.get(path, If_None_Match=again.headers["etag"])
            assert known.status_code == 304 and from_memory(known)
        for language, direction in (("ar", "rtl"), ("en", "ltr"), ("ar", "rtl")):
            assert f'dir="{direction}">\n<head>' in (await cache.get(f"{C}/1?lang={language}")).text
        for path in (f"{API}/contributions", f"{C}/1"):
            for coding in ("gzip", "identity"):
                packed = await cache.get(path, Accept_Encoding=coding)
                assert packed.headers.get("content-encoding", "identity") == coding
                assert "To be taken back" in packed.text
        size = (await cache.get(API)).json()["size"]
        for _ in range(2):  # an empty answer that was waited for is nobody else's
            assert not from_memory(await cache.get(f"{API}/changes?after={size}&wait=0.1"))

        await decide(database, made, "hide", text.id)
        hidden = time.monotonic()
        stale = {f"{C}/1", C, f"{API}/contributions", f"{API}/export.jsonl", by_id}
        while stale:
            assert time.monotonic() - hidden < LEFT_AFTER, stale
            await asyncio.sleep(0.25)
            stale = {path for path in stale if "To be taken back" in (await cache.get(path)).text}
        assert (await cache.get(by_id)).status_code == 410


async def test_nothing_private_is_kept_or_given_to_another(database: Database, made: Made) -> None:
    await say(database, made)
    waiting = await say(database, made, topic=BEFORE, title="It waits unseen")
    by_id = f"/api/v1/contributions/{waiting.id}"
    author, moderator = await signed_in(database, made.participant), await signed_in(database, made.moderator)
    key, other = await key_for(database, made.participant), await key_for(database, made.other)
    desk = await key_for(database, made.moderator)
    async with cached(database) as cache:
        pages = ("/", C, f"{C}/1", f"{C}/contribute", f"{C}/{BEFORE}", "/me", "/me/data", f"{C}/moderate/queue")
        for path in pages:
            await cache.get(path)
            for cookie in (author, moderator) * 2:
                mine = await cache.get(path, Cookie=cookie)
                assert not from_memory(mine) and "private" in mine.headers["cache-control"], path
            strangers = [await cache.get(path) for _ in range(2)]
            assert all("Sign out" not in each.text for each in strangers)
        assert "Sign out" in (await cache.get(f"{C}/1", Cookie=author)).text
        assert "It waits unseen" in (await cache.get(f"{C}/moderate/queue", Cookie=moderator)).text

        for path, who in ((by_id, key), (by_id, desk), (f"{API}/queue", desk), (f"{API}/contributions", key)):
            for _ in range(2):
                mine = await cache.get(path, Authorization=f"Bearer {who}")
                assert not from_memory(mine) and mine.status_code == 200
                assert "private" in mine.headers["cache-control"]
                assert not [name for name in mine.headers if name.startswith("access-control")]
            for theirs in (await cache.get(path), await cache.get(path, Authorization=f"Bearer {other}")):
                assert "It waits unseen" not in theirs.text
        assert (await cache.get(by_id)).status_code == 404
        assert (await cache.get(by_id, Authorization=f"Bearer {key}")).json()["title"] == "It waits unseen"

        asked = [await cache.post("/sign-in", {"email": "somebody@example.org"}) for _ in range(2)]
        cookies = {each.headers["set-cookie"] for each in asked}
        assert len(cookies) == 2 and not any(map(from_memory, asked))
        for path in ("/sign-in", C):
            assert not [each for _ in range(2) if "set-cookie" in (each := await cache.get(path)).headers]
        chosen = [await cache.get(f"{C}?lang=ar") for _ in range(2)]  # the language is for the browser that chose it
        assert all("private" in each.headers["cache-control"] for each in chosen) and not any(map(from_memory, chosen))
