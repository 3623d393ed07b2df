"""Browsers in front of the whole application: a stranger's, and one for each person."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from httpx import ASGITransport, AsyncClient

from app.accounts.sessions import start_session
from app.database import Database
from app.permissions import Actor
from tests.making import Made, make
from tests.web.browsing import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ORIGIN = "http://testserver"
Browse = Callable[[Actor], Awaitable[AsyncClient]]


@pytest.fixture
async def made(database: Database) -> Made:
    """The founding consultation with its people."""
    return await make(database)


@pytest.fixture
async def stranger(client: AsyncClient, made: Made) -> AsyncClient:
    """A browser in which nobody is signed in."""
    client.headers["Origin"] = ORIGIN
    return client


@pytest.fixture
async def browse(client: AsyncClient, database: Database) -> AsyncIterator[Browse]:
    """Makes a browser in which somebody is signed in."""
    opened: list[AsyncClient] = []

    async def browser(actor: Actor) -> AsyncClient:
        assert actor.person is not None
        async with database.writing() as session:
            _id, token = await start_session(session, actor.person, "Firefox on Linux")
        transport = client._transport
        assert isinstance(transport, ASGITransport)
        opened.append(
            AsyncClient(
                transport=ASGITransport(transport.app), base_url=ORIGIN, headers={"Origin": ORIGIN},
                cookies={"plenary_session": token},
            )
        )  # fmt: skip
        return opened[-1]

    yield browser
    for each in opened:
        await each.aclose()


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Debian's chromium. Skips the test where there is none."""
    with chromium() as browser:
        yield browser
