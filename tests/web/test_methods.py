"""HEAD is answered as GET, without the body, and who asks with another method learns which ones there are."""

import re
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from starlette.routing import Route

from app.database import Database
from app.web.kit.assets import url
from tests.making import AFTER, SLUG, Made, say
from tests.web.conftest import Browse
from tests.web.test_writing import FORM

pytestmark = pytest.mark.anyio
C, SOME_ID = f"/c/{SLUG}", str(uuid4())


def addresses(client: AsyncClient) -> dict[str, set[str]]:
    """An address for each route but the API's, and the methods that the routes of this pattern take."""
    assert isinstance(client._transport, ASGITransport) and isinstance(client._transport.app, FastAPI)
    found: dict[str, set[str]] = {}
    for route in client._transport.app.routes:
        if isinstance(route, Route) and not route.path.startswith("/api"):
            path = re.sub(r"\{\w+:uuid\}", SOME_ID, route.path.replace("{slug}", SLUG))
            address = re.sub(r"\{\w+(:\w+)?\}", "1", path)
            found[address] = found.get(address, set()) | set(route.methods or ())
    return found


async def test_head_is_get_without_the_body(
    stranger: AsyncClient, browse: Browse, database: Database, made: Made
) -> None:
    await say(database, made)
    member = await browse(made.participant)
    for path in (
        "/", C, f"{C}/1", f"{C}/1", f"{C}/topics/{AFTER}", f"{C}/feed.atom", f"{C}/sitemap-1.xml", f"{C}/calendar.ics",
        "/about/privacy", "/about/rules", "/robots.txt", "/sitemap.xml", "/developers", url("plenary.css"),
        "/sign-in", f"{C}/numbers.csv", "/nothing", f"{C}/2", "/me", "/health",
    ):  # fmt: skip
        for browser in (stranger, member):
            accepts = {
                "Accept-Encoding": "identity"
            }  # compressed, a page with a new form's identifier varies in length
            whole, head = [await browser.request(method, path, headers=accepts) for method in ("GET", "HEAD")]
            assert (head.status_code, head.content) == (whole.status_code, b""), path
            assert dict(head.headers) == dict(whole.headers), path


async def test_head_revalidates(stranger: AsyncClient, made: Made) -> None:
    for path in (C, "/sitemap.xml"):
        tag = (await stranger.head(path)).headers["etag"]
        assert (await stranger.head(path, headers={"If-None-Match": tag})).status_code == 304


async def test_every_address_takes_head_or_says_what_it_takes(stranger: AsyncClient) -> None:
    for address, methods in addresses(stranger).items():
        head, whole = await stranger.head(address), await stranger.get(address)
        assert head.status_code == whole.status_code and (head.status_code != 405 or "GET" not in methods), address
        refused = await stranger.put(address)
        assert refused.status_code == 405, address
        allowed = set(refused.headers["allow"].split(", "))
        assert methods <= allowed and ("HEAD" in allowed) == ("GET" in allowed), address


async def test_what_only_takes_forms_does_nothing_for_head(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made)
    mine = await browse(made.participant)
    for path, allowed in (("/sign-out", "POST"), (f"{C}/1/endorse", "GET, HEAD, POST"), (FORM, "GET, HEAD, POST")):
        refused = await mine.delete(path)
        assert (refused.status_code, refused.headers["allow"]) == (405, allowed)
        assert "This address takes no forms" in refused.text
    assert (await mine.head("/sign-out")).status_code == 405
    assert "Sign out" in (await mine.get("/me")).text
