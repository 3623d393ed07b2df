"""A database of a test's own, without a table."""

from collections.abc import AsyncIterator

import pytest

from app.database import databases


@pytest.fixture
async def empty_url(server_url: str, template: str, worker_id: str) -> AsyncIterator[str]:
    name = f"{template}_empty_{worker_id}"
    await databases.create(server_url, name)
    yield databases.sibling(server_url, name)
    await databases.drop(server_url, name)
