"""What a start says when something that it can do without is not there."""

import asyncio

import pytest

from app.database import Database
from tests.running import start

pytestmark = pytest.mark.anyio


async def said_at_start(until: str) -> str:
    """What the server says up to the line with these words; it is ended then."""
    process = await start("--port", "0")
    assert process.stderr is not None
    said = ""
    try:
        async with asyncio.timeout(60):
            while until not in said and (line := await process.stderr.readline()):
                said += line.decode()
    finally:
        process.terminate()
        await process.communicate()
    return said


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://u:geheim@127.0.0.1:1/x", "The database at 127.0.0.1 cannot be reached"),
        ("sibling", "It has no tables of ours."),
    ],
)
async def test_a_replica_that_cannot_be_read_is_named(
    database: Database, url: str, told: str, server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLENARY_READ_DATABASE_URL", server_url if url == "sibling" else url)
    said = await said_at_start(until="PLENARY_READ_DATABASE_URL")
    assert "Plenary is at http://127.0.0.1:" in said
    assert told in said
    assert "geheim" not in said
