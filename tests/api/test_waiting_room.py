"""How many may wait for changes at once: of one client, and of all; and that places are given back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from app.api import waiting_room
from app.api.waiting_room import WaitingRoom
from app.config import settings
from tests.api.conftest import BASE
from tests.api.document import conforms
from tests.api.talk import Talk

pytestmark = pytest.mark.anyio


@pytest.fixture
def room(application: FastAPI, monkeypatch: pytest.MonkeyPatch) -> WaitingRoom:
    """A small one."""
    monkeypatch.setattr(waiting_room, "PLACES", 5)
    monkeypatch.setattr(waiting_room, "PLACES_OF_ONE", 2)
    found: WaitingRoom = application.state.waiting_room
    return found


def from_network(application: FastAPI, host: str) -> AsyncClient:
    transport = ASGITransport(application, client=(host, 1))
    return AsyncClient(transport=transport, base_url=BASE, event_hooks={"response": [conforms]})


@asynccontextmanager
async def waiting(
    said: Talk, *clients: AsyncClient, who: str | None = None
) -> AsyncIterator[list[asyncio.Task[Response]]]:
    """One waiting request of each client."""
    size = (await said.read(f"{said.home}/changes"))["size"]
    headers = {"Authorization": f"Bearer {said.keys[who]}"} if who else {}
    url = f"{said.home}/changes?after={size}&wait=20"
    tasks = [asyncio.create_task(client.get(url, headers=headers)) for client in clients]
    await asyncio.sleep(0.2)
    yield tasks
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def refused(tasks: list[asyncio.Task[Response]], number: int, status: int, name: str) -> None:
    """So many of them are answered already, in this way; who came first to the door is chance."""
    answers = [task.result() for task in tasks if task.done()]
    assert len(answers) == number
    for answer in answers:
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert answer.json()["type"] == f"/problems/{name}"
        assert int(answer.headers["retry-after"]) > 0 and answer.headers["cache-control"] == "no-store"


async def test_one_network_has_so_many_places_and_another_has_its_own(
    application: FastAPI, said: Talk, room: WaitingRoom
) -> None:
    same = [from_network(application, host) for host in ("2001:db8::1", "2001:db8::2", "2001:db8::3")]
    other = from_network(application, "2001:db8:1::1")
    async with waiting(said, *same, other) as tasks:
        refused(tasks[:3], 1, 429, "rate-limited")
        assert not tasks[3].done()
        # Whoever does not wait is answered, as ever.
        assert (await same[2].get(f"{said.home}/changes")).status_code == 200
    assert not room._taken


async def test_the_owner_of_a_key_has_their_own_wherever_they_are(
    application: FastAPI, said: Talk, room: WaitingRoom
) -> None:
    one, two, three = (from_network(application, host) for host in ("192.0.2.1", "192.0.2.2", "192.0.2.3"))
    async with (
        waiting(said, one, two, three, who="participant") as mine,
        waiting(said, one, who="other") as theirs,
        waiting(said, one) as nobodys,
    ):
        refused(mine, 1, 429, "rate-limited")
        assert not any(task.done() for task in (*theirs, *nobodys))


async def test_a_process_has_so_many_places_in_all(application: FastAPI, said: Talk, room: WaitingRoom) -> None:
    clients = [from_network(application, f"192.0.2.{number}") for number in range(7)]
    async with waiting(said, *clients) as tasks:
        waits = [task for task in tasks if not task.done()]
        refused(tasks, 2, 503, "unavailable")
        await said.posted()
        answers = await asyncio.gather(*waits)
        assert all(len(answer.json()["items"]) == 1 for answer in answers)
    assert not room._taken


async def test_no_address_is_kept(application: FastAPI, said: Talk, room: WaitingRoom) -> None:
    async with waiting(said, from_network(application, "192.0.2.7")):
        [kept] = room._taken
        assert len(kept) == 32 and b"192.0.2.7" not in kept


async def test_benchmarks_wait_without_limits(
    application: FastAPI, said: Talk, room: WaitingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLENARY_RATE_LIMITS", "off")
    settings.cache_clear()
    async with waiting(said, *[from_network(application, "192.0.2.1")] * 8) as tasks:
        assert not any(task.done() for task in tasks)
