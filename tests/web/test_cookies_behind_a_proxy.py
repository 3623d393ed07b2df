"""Cookies as browsers get them behind a proxy: for https where a trusted one says so, and nobody else is believed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from http.cookies import Morsel, SimpleCookie
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from app.accounts import tokens
from app.cli.processes import configuration
from app.config import settings
from app.database import Database
from tests.making import Made

pytestmark = pytest.mark.anyio
PROXY, STRANGER, READER = "192.0.2.10", "192.0.2.66", "203.0.113.5"
HTTPS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": READER}
Serve = Callable[..., Awaitable[AsyncClient]]


@pytest.fixture
async def serve(database: Database, made: Made, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Serve]:
    """The application as a server process has it, for requests from one address."""
    async with AsyncExitStack() as stack:

        async def served(trusted: str, peer: str) -> AsyncClient:
            monkeypatch.setenv("PLENARY_TRUSTED_PROXIES", trusted)
            settings.cache_clear()
            configured = configuration("app.main:create_app")
            configured.load()
            whole = inner = configured.loaded_app
            while not isinstance(inner, FastAPI):
                inner = inner.app
            await stack.enter_async_context(inner.router.lifespan_context(inner))
            transport = ASGITransport(whole, client=(peer, 50_000))
            return await stack.enter_async_context(AsyncClient(transport=transport, base_url="http://plenary.example"))

        yield served


def cookies_of(answer: Response) -> list[Morsel[str]]:
    return [
        cookie for line in answer.headers.get_list("set-cookie") for cookie in SimpleCookie(line).values()
    ]  # fmt: skip


async def sign_in(browser: AsyncClient, scheme: str, headers: dict[str, str]) -> list[Morsel[str]]:
    """Every cookie that is set from asking for a mail to signing out again."""
    headers = headers | {"Origin": f"{scheme}://plenary.example"}
    # The client would keep cookies for https to itself: this is how a browser behind the proxy sends them.
    kept: dict[str, str] = {}

    async def post(path: str, **form: str) -> Response:
        browser.cookies.clear()
        cookie = "; ".join(f"{name}={value}" for name, value in kept.items())
        answer = await browser.post(path, data=form, headers=headers | ({"Cookie": cookie} if cookie else {}))
        assert answer.status_code == 303, answer.text
        found = cookies_of(answer)
        kept.update({each.key: each.value for each in found})
        every.extend(found)
        return answer

    every: list[Morsel[str]] = []
    asked = await post("/sign-in", email="participant-a@example.org", onward="/")
    challenge = asked.headers["location"].split("challenge=")[1]
    await post("/sign-in/code", challenge=challenge, code=tokens.code_of(UUID(challenge)))
    assert any(name.endswith("plenary_session") for name in kept)
    await post("/sign-out")
    return every


@pytest.mark.parametrize("trusted", [PROXY, f"198.51.100.1, {PROXY}", "192.0.2.0/24"])
async def test_behind_a_trusted_proxy_that_says_https_all_cookies_are_for_https(serve: Serve, trusted: str) -> None:
    found = await sign_in(await serve(trusted, PROXY), "https", HTTPS)
    assert {each.key for each in found} == {
        "__Host-plenary_browser", "__Host-plenary_asked", "__Host-plenary_session",
    }  # fmt: skip
    for each in found:
        assert each["secure"] and each["httponly"]
        assert (each["samesite"].lower(), each["path"], each["domain"]) == ("lax", "/", "")


@pytest.mark.parametrize(
    ("trusted", "peer", "headers"),
    [(PROXY, STRANGER, HTTPS), ("", PROXY, HTTPS), ("", "127.0.0.1", HTTPS), (PROXY, PROXY, {}),
     (PROXY, PROXY, {"X-Forwarded-Proto": "http"}), (PROXY, STRANGER, {"Forwarded": "proto=https"})],
)  # fmt: skip
async def test_nobody_else_is_believed(serve: Serve, trusted: str, peer: str, headers: dict[str, str]) -> None:
    """A cookie for https over a plain connection would lock the reader out."""
    found = await sign_in(await serve(trusted, peer), "http", headers)
    assert {each.key for each in found} == {"plenary_browser", "plenary_asked", "plenary_session"}
    for each in found:
        assert each["httponly"] and not each["secure"] and each["samesite"].lower() == "lax"


async def test_with_an_https_address_set_cookies_are_for_https_whatever_a_request_says(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLENARY_BASE_URL", "https://plenary.example")
    for headers in ({}, {"X-Forwarded-Proto": "http"}, HTTPS):
        found = await sign_in(await serve("", STRANGER), "https", headers)
        assert all(each.key.startswith("__Host-") and each["secure"] for each in found)


async def test_limits_go_by_the_readers_network_only_where_the_proxy_is_trusted(serve: Serve) -> None:
    async def asked(browser: AsyncClient) -> list[int]:
        return [
            (await browser.post(
                "/sign-in", data={"email": f"p{number}@example.org"},
                headers={"Origin": "http://plenary.example", "X-Forwarded-For": f"203.0.113.{number}"},
            )).status_code
            for number in range(22)
        ]  # fmt: skip

    assert await asked(await serve(PROXY, PROXY)) == [303] * 22
    assert await asked(await serve(PROXY, STRANGER)) == [303] * 20 + [429] * 2
