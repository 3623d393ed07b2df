"""On a slow line: how soon the text of a thread is there, that nothing moves, and that nobody else is asked."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from app.database import Database
from tests.making import SLUG, make, say
from tests.web.browsing import aside, served, tell
from tests.web.prose import TWENTY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # ms, bytes
_MEASURED = """() => new Promise((tell) => {
    const found = {shift: 0, painted: 0};
    const note = (type, keep) => new PerformanceObserver((list) => list.getEntries().forEach(keep))
        .observe({type, buffered: true});
    note("layout-shift", (each) => { found.shift += each.value; });
    note("largest-contentful-paint", (each) => { found.painted = each.startTime; });
    setTimeout(() => tell({...found, asked: performance.getEntriesByType("resource").map((each) => each.name)}), 500);
})"""


@pytest.fixture(scope="module")
def base(browser: "Browser", database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with a thread of twenty contributions of ordinary length."""
    with served(database_url, tmp_path_factory.mktemp("site")) as base:
        aside(_filled(database_url))
        yield base


def test_a_thread_on_slow_3g(browser: "Browser", base: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    first, again = (_opened(context, f"{base}/c/{SLUG}/1") for _visit in range(2))
    context.close()
    tell(f"slow 3G: text after {first['painted']:.0f} ms, on the next page after {again['painted']:.0f} ms")
    assert first["shift"] == again["shift"] == 0
    assert first["asked"] and all(address.startswith(base) for address in first["asked"])
    if "PLENARY_TEST_WHOLE" in os.environ:  # alone on its machine: two round trips of 0.4 s, page and style; then one
        assert 0 < first["painted"] < 1_400
        assert 0 < again["painted"] < 1_000


def _opened(context: "BrowserContext", address: str) -> dict[str, Any]:
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_3G)
    page.goto(address)
    measured: dict[str, Any] = page.evaluate(_MEASURED)
    page.close()
    return measured


async def _filled(url: str) -> None:
    database = Database(url, pool=2)
    made = await make(database)
    first, *replies = TWENTY
    root = await say(database, made, title="Twenty", body=first)
    for reply in replies:
        await say(database, made, parent=root.id, body=reply)
    await database.close()
