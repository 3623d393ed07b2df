"""What the tests of mail that comes in share: a domain of ours, a server that is trusted, and mails."""

import pytest

from app.config import settings
from app.database import Database
from tests.inbound.writing import DOMAIN, TRUSTED, Post


@pytest.fixture
def post(database: Database, monkeypatch: pytest.MonkeyPatch) -> Post:
    """Mail to this service."""
    monkeypatch.setenv("PLENARY_MAIL_DOMAIN", DOMAIN)
    monkeypatch.setenv("PLENARY_MAIL_AUTHSERV", TRUSTED)
    settings.cache_clear()
    return Post(database)
