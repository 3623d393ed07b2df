"""Pages from memory: the same bytes while nothing happens, fresh as soon as something does, private when signed in."""

import asyncio
import gzip

import pytest
from httpx import AsyncClient

from app.contributions import actions
from app.database import Database
from app.moderation import erasing
from app.readings.latest_versions import LatestVersions
from app.readings.versions import version
from app.web.cache import PageCache
from tests.making import AFTER, SLUG, Made, decide, say
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"


async def test_a_page_is_revalidated_and_changes_with_the_record(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made, title="First")
    page = await stranger.get(f"{C}/1")
    assert page.headers["cache-control"] == "public, max-age=0, s-maxage=2"
    assert set(page.headers["vary"].split(", ")) == {"Accept-Encoding", "Accept-Language", "Cookie"}
    tag = page.headers["etag"]

    again = await stranger.get(f"{C}/1")
    assert (again.content, again.headers["etag"]) == (page.content, tag)
    unchanged = await stranger.get(f"{C}/1", headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["etag"] == tag and "content-security-policy" in unchanged.headers

    await say(database, made, parent=(await say(database, made)).id)
    changed = await stranger.get(f"{C}/1", headers={"If-None-Match": tag})
    assert changed.status_code == 200 and changed.headers["etag"] != tag


@pytest.mark.parametrize("end", ["hide", "withdraw", "erase"])
async def test_a_text_that_is_taken_back_is_on_no_page_from_then_on(
    stranger: AsyncClient, database: Database, made: Made, end: str
) -> None:
    text = await say(database, made, title="To be taken back")
    paths = (C, f"{C}/1", f"{C}/topics/{AFTER}")
    for path in paths:
        assert "To be taken back" in (await stranger.get(path)).text
    if end == "hide":
        await decide(database, made, "hide", text.id)
    else:
        async with database.writing() as session:
            await getattr(erasing if end == "erase" else actions, end)(session, made.participant, text.id)
    for path in paths:
        assert "To be taken back" not in (await stranger.get(path)).text


async def test_compressed_and_plain_are_the_same_page(stranger: AsyncClient, database: Database, made: Made) -> None:
    await say(database, made, body="Words. " * 100)
    plain = await stranger.get(f"{C}/1", headers={"Accept-Encoding": "identity"})
    async with stranger.stream("GET", f"{C}/1", headers={"Accept-Encoding": "gzip"}) as zipped:
        raw = b"".join([part async for part in zipped.aiter_raw()])
    assert zipped.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content
    head = await stranger.head(f"{C}/1")
    assert head.status_code == 200 and not head.content


async def test_who_is_signed_in_gets_a_page_of_their_own(
    stranger: AsyncClient, browse: Browse, database: Database, made: Made
) -> None:
    await say(database, made)
    await stranger.get(f"{C}/1")
    mine = await (await browse(made.participant)).get(f"{C}/1")
    assert mine.headers["cache-control"] == "private, no-store" and "etag" not in mine.headers
    assert "Participant A" in mine.text and "Sign out" in mine.text
    assert "Sign out" not in (await stranger.get(f"{C}/1")).text


async def test_the_language_of_the_address_turns_the_page_round(stranger: AsyncClient) -> None:
    assert '<html lang="en" dir="ltr">' in (await stranger.get(C)).text
    assert 'dir="rtl"' in (await stranger.get(f"{C}?lang=ar")).text
    assert 'dir="rtl"' in (await stranger.get(C)).text  # it is remembered
    assert '<html lang="en" dir="ltr">' in (await stranger.get(f"{C}?lang=en")).text


async def test_memory_is_bounded(stranger: AsyncClient, client: AsyncClient) -> None:
    await stranger.get(C)  # builds the stack
    layer = client._transport.app.middleware_stack  # type: ignore[attr-defined]
    while not isinstance(layer, PageCache):
        layer = layer.app
    layer.most_bytes = 100_000
    for n in range(40):
        await stranger.get(f"{C}?nothing={n}")
    assert 0 < layer.bytes <= 100_000
    assert layer.bytes == sum(page.weight for page in layer.pages.values())


async def test_a_version_is_never_older_than_the_question(database: Database, made: Made) -> None:
    latest = LatestVersions(database)
    for _ in range(5):
        before = [asyncio.create_task(latest.of(SLUG)) for _ in range(5)]
        await asyncio.sleep(0)
        text = await say(database, made)
        asked = await asyncio.gather(*[latest.of(SLUG) for _ in range(5)])
        async with database.reading() as connection:
            size = (await version(connection, SLUG)).size
        assert text.number is not None and all(each.size == size for each in asked)
        await asyncio.gather(*before)
    assert not latest._asking and not latest._next


async def test_style_is_kept_for_ever_under_an_address_of_its_content(stranger: AsyncClient) -> None:
    page = (await stranger.get(C)).text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    style = await stranger.get(address)
    assert style.status_code == 200 and style.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert style.headers["content-type"].startswith("text/css")
    assert (await stranger.get("/static/plenary.000000000000.css")).status_code == 404
