"""Places for requests that wait: so many in this process, so many for one client. Whoever finds none asks again later.

A waiting request costs a connection and some memory for as long as it waits. Who
waits is counted in memory, under an HMAC of the client, never under an address.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager

from fastapi import Request

from app import errors
from app.accounts.networks import network_of
from app.accounts.tokens import sealed
from app.config import settings
from app.language import gettext as _
from app.permissions import Actor

PLACES = 1_000
PLACES_OF_ONE = 50
_AGAIN_AFTER = 5  # seconds


class WaitingRoom:
    """Who waits in this process, and how many requests each of them has waiting."""

    def __init__(self) -> None:
        self._taken: Counter[bytes] = Counter()

    @contextmanager
    def place(self, client: bytes) -> Iterator[None]:
        """A place to wait in, given back at the end. Raises RateLimited, Unavailable."""
        if settings().rate_limits == "on":
            self._require_place(client)
        self._taken[client] += 1
        try:
            yield
        finally:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]

    def _require_place(self, client: bytes) -> None:
        if self._taken[client] >= PLACES_OF_ONE:
            raise errors.RateLimited(
                _(
                    "%(n)s of your requests wait already, which is the most. Ask without `wait`, or later.",
                    n=PLACES_OF_ONE,
                ),
                retry_after=_AGAIN_AFTER,
            )
        if self._taken.total() >= PLACES:
            raise errors.Unavailable(
                _("Too many wait for changes at this moment. Ask without `wait`, or later."), retry_after=_AGAIN_AFTER
            )


async def unless_gone(request: Request, waiting: Coroutine[None, None, None]) -> None:
    """Wait for as long as the client does: whoever hangs up gives the place back."""
    tasks = asyncio.create_task(waiting), asyncio.create_task(_hung_up(request))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue


def client_of(request: Request, actor: Actor) -> bytes:
    """Who waits: the owner of the key, whichever of their keys it is, or else the network that the request is from."""
    if actor.person is not None:
        return sealed("waiting by key", actor.person.bytes)
    return sealed("waiting from", network_of(request.client.host if request.client else "").encode())
