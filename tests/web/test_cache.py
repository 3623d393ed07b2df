"""Pages from memory: the same bytes while nothing happens, fresh as soon as something does, private when signed in."""

import asyncio
import gzip

import pytest
from httpx import AsyncClient
from starlette.types import Receive, Scope, Send

from app.contributions import actions
from app.database import Database
from app.moderation import erasing
from app.readings.latest_versions import LatestVersions
from app.readings.versions import version
from app.web.kit import cache as caching
from app.web.kit.cache import PageCache
from tests.making import AFTER, SLUG, Made, decide, say
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
OWN = "http://127.0.0.1:8000"  # where a server listens that was told nothing else


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


@pytest.fixture
async def cache(stranger: AsyncClient, client: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> PageCache:
    """The cache in front of the pages, with room for few."""
    monkeypatch.setattr(caching, "MOST_BYTES", 100_000)
    monkeypatch.setattr(caching, "MOST_ASKED_BYTES", 100_000)
    await stranger.get("/none")  # builds the stack
    layer = client._transport.app.middleware_stack  # type: ignore[attr-defined]
    while not isinstance(layer, PageCache):
        layer = layer.app
    return layer


@pytest.fixture
def made_anew(cache: PageCache) -> list[str]:
    """The paths of the pages that were not in memory."""
    behind, paths = cache.app, []

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        paths.append(scope["path"])
        await behind(scope, receive, send)

    cache.app = noting
    return paths


async def test_memory_is_bounded(stranger: AsyncClient, cache: PageCache) -> None:
    for n in range(40):
        await stranger.get(f"{C}?nothing={n}")
    shelf = cache.asked
    assert 0 < shelf.bytes <= 100_000
    assert shelf.bytes == sum(page.weight for page in shelf.pages.values())


@pytest.mark.parametrize("base_url", [None, OWN])
async def test_what_visitors_make_up_displaces_no_plain_page(
    stranger: AsyncClient, client: AsyncClient, database: Database, made: Made, made_anew: list[str],
    base_url: str | None,
) -> None:  # fmt: skip
    await say(database, made)
    client._transport.app.state.base_url = base_url  # type: ignore[attr-defined]
    await stranger.get(OWN + C)
    for n in range(40):
        await stranger.get(f"{OWN}{C}?nothing={n}")
        await stranger.get(f"{OWN}/c/{SLUG}/record", headers={"Host": f"host-{n}.example"})
    for zeros in range(1, 11):
        assert (await stranger.get(f"{OWN}{C}/{'0' * zeros}1/history")).status_code == 200
    made_anew.clear()
    assert (await stranger.get(OWN + C)).status_code == 200
    assert made_anew == []


async def test_a_service_that_knows_its_address_makes_a_page_once_whatever_host_is_asked(
    stranger: AsyncClient, client: AsyncClient, made_anew: list[str]
) -> None:
    client._transport.app.state.base_url = "https://consultation.example.org"  # type: ignore[attr-defined]
    first = await stranger.get(C)
    for n in range(3):
        assert (await stranger.get(C, headers={"Host": f"host-{n}.example"})).content == first.content
    assert made_anew == [C]


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
