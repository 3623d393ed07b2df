"""The change feed as server-sent events (WHATWG HTML, section 9.2): an event for each entry, its `id` the number.

A stream is a request that waits: it takes one place of the waiting room for as long as it lasts, no database connection
while nothing happens, and it ends when the server does. The client then comes again, with `Last-Event-ID`. Who is given
what is private is asked for their key again each time: that of a former member brings nothing more.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from uuid import UUID

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.api.following import EVENTS, Place, renewed
from app.api.waiting import Watch
from app.api.waiting_room import WaitingRoom
from app.errors import PlenaryError
from app.readings.record.changes import Changes

_SILENCE = 15.0  # seconds after which a comment shows that the stream lives: proxies end what is silent for longer
_ALIVE = b":\n\n"
_HEADERS = {
    "cache-control": "no-store", "vary": "Accept", "x-accel-buffering": "no", "x-content-type-options": "nosniff",
}  # fmt: skip


class EventStream(StreamingResponse):
    """The entries after a place, and then those that come, until the client goes or the server ends."""

    def __init__(
        self, watch: Watch, room: WaitingRoom, client: bytes, place: Place, id: UUID, found: Changes,
        recognise: Callable[[], Awaitable[object]],
    ) -> None:  # fmt: skip
        super().__init__(_events(watch, place, id, found, recognise), headers=_HEADERS, media_type=EVENTS)
        self._room, self._client = room, client

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, from a place in the waiting room. Raises RateLimited, Unavailable before anything is sent."""
        with self._room.place(self._client):
            await super().__call__(scope, receive, send)


async def _events(
    watch: Watch, place: Place, consultation: UUID, found: Changes, recognise: Callable[[], Awaitable[object]]
) -> AsyncIterator[bytes]:
    with watch.kept_on(place.database):
        while not watch.ending:
            yield b"".join(map(_event, range(place.after + 1, found.last + 1), found.items)) or _ALIVE
            if found.last == found.size:
                await watch.until_longer(place.database, consultation, found.size, _SILENCE)
            try:
                place = replace(await renewed(place, recognise), after=found.last)
                _, found = await watch.shared(place, place.read)
            except PlenaryError:  # a stream has no way to tell: whoever comes again is told
                return


def _event(seq: int, entry: bytes) -> bytes:
    return b"id: %d\ndata: %b\n\n" % (seq, entry)
