"""What the tests of mail that comes in share: a domain of ours, a server that is trusted, and mails."""

from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient

from app.config import settings
from app.database import Database
from app.main import create_app
from tests.inbound.writing import DOMAIN, TRUSTED, Post


@pytest.fixture
def post(database: Database, monkeypatch: pytest.MonkeyPatch) -> Post:
    """Mail to this service."""
    monkeypatch.setenv("PLENARY_MAIL_DOMAIN", DOMAIN)
    monkeypatch.setenv("PLENARY_MAIL_AUTHSERV", TRUSTED)
    settings.cache_clear()
    return Post(database)


@pytest.fixture
async def pages(database: Database, post: Post) -> AsyncIterator[AsyncClient]:
    """A browser in which nobody is signed in; no worker is running beside it."""
    app = create_app(database)
    app.state.base_url = None
    headers = {"Origin": "http://testserver"}
    async with AsyncClient(transport=ASGITransport(app), base_url="http://testserver", headers=headers) as browser:
        yield browser
