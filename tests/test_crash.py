"""The plug is pulled in the middle of everything: what anyone was told was saved is there, once, and nothing half."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
import pytest

from tests.cli.test_commands import Server, run
from tests.making import AFTER, BEFORE, SLUG

pytestmark = pytest.mark.anyio

ADDRESS = f"/api/v1/consultations/{SLUG}/contributions"


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="plenary-crash-") as folder:
        yield Path(folder) / "data"


async def write_until_it_stops(server: Server, key: str, saved: dict[str, str]) -> None:
    """Post as fast as it goes; `saved` gets the id of every text that was acknowledged, by its title."""
    async with httpx.AsyncClient(base_url=server.address, headers={"Authorization": f"Bearer {key}"}) as client:
        while True:
            topic = AFTER if len(saved) % 3 else BEFORE
            fields = {"topic": topic, "kind": "proposal", "title": str(uuid4()), "body": "Text.", "language": "en"}
            try:
                answer = await client.post(ADDRESS, json=fields)
            except httpx.HTTPError:
                return
            if answer.status_code != 201:
                return
            saved[fields["title"]] = answer.json()["id"]


async def pull_the_plug(server: Server) -> None:
    await asyncio.sleep(3)
    postmaster = server.postmaster()
    assert postmaster is not None
    for process in (server.process, *postmaster.children(), postmaster):
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    server.process.communicate()


async def test_nothing_acknowledged_is_lost_and_nothing_is_half(data: Path) -> None:
    server = Server(data, PLENARY_RATE_LIMITS="off")
    key = run("key", "participant@example.org", "--scope", "read,write", "--data", data)[1].strip()
    async with httpx.AsyncClient(base_url=server.address) as client:
        assert (await client.get("/ready")).status_code == 200
    saved: dict[str, str] = {}
    await asyncio.gather(*(write_until_it_stops(server, key, saved) for _ in range(4)), pull_the_plug(server))
    assert len(saved) > 20

    server = Server(data, PLENARY_RATE_LIMITS="off")
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=server.address, headers=headers, timeout=30) as client:
        for title, id in saved.items():
            there = (await client.get(f"/api/v1/contributions/{id}")).json()
            assert there["title"] == title and there["status"] in ("published", "pending")
        public = (await client.get(ADDRESS, params={"limit": 1000})).json()["items"]
        changes = (await client.get(f"/api/v1/consultations/{SLUG}/changes", params={"after": 0, "limit": 1000})).json()
    assert [item["number"] for item in public] == list(range(1, len(public) + 1))
    assert [item["seq"] for item in changes["items"]] == list(range(1, changes["size"] + 1))
    told = [item["subject"] for item in changes["items"] if item["kind"] == "contribution.published"]
    assert told == [item["id"] for item in public]
    assert server.end() == 0
