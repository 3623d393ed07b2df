"""Brings entries to webhooks: for each that is behind a task of its own, so that a slow one keeps nobody waiting."""

import asyncio
import logging
import time
from uuid import UUID

from app.database import Database, admission
from app.notifications.webhooks import progress, signing
from app.notifications.webhooks.connecting import Line
from app.notifications.webhooks.progress import Place
from app.readings.record.record_messages import next_message, sizes

_LONGEST_PAUSE = 300.0  # seconds, after failures of our own

log = logging.getLogger(__name__)


class Courier:
    """Look often; close it at the end."""

    def __init__(self, database: Database, base_url: str) -> None:
        self._database, self._base_url = database, base_url
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._troubles: dict[UUID, tuple[int, float]] = {}  # failures of our own in a row, and until when to wait
        self._closing = False

    async def look(self) -> bool:
        """Begin with every webhook that is due, behind, and not under way. Returns False: there is nothing to hurry."""
        async with self._database.at_once() as connection:
            found = await progress.active(connection)
        if found and not self._closing:
            async with self._database.reading() as reader:
                size = await sizes(reader, {consultation for _id, consultation, _cursor in found})
            for id, consultation, cursor in found:
                if id not in self._tasks and cursor < size.get(consultation, 0) and not self._is_troubled(id):
                    self._begin(id)
        return False

    async def wait(self) -> None:
        """Until all that is under way has come to an end or a failure."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def close(self) -> None:
        """Let each attempt that is under way end, and begin no other."""
        self._closing = True
        try:
            await self.wait()
        finally:
            for task in self._tasks.values():
                task.cancel()

    def _begin(self, id: UUID) -> None:
        task = self._tasks[id] = asyncio.create_task(self._bring(id))
        task.add_done_callback(lambda _done: self._tasks.pop(id, None))

    def _is_troubled(self, id: UUID) -> bool:
        return time.monotonic() < self._troubles.get(id, (0, 0.0))[1]

    async def _bring(self, id: UUID) -> None:
        """One entry after another, until there are no more, or one is not taken."""
        try:
            async with self._database.writing() as session:
                place = await progress.place_of(session, id)
            if place is not None:
                admission.admit((place.consultation,))  # of which who made the webhook is a member, if it is private
            async with Line() as line:
                while place is not None and not self._closing:
                    place = await self._bring_next(place, line)
            self._troubles.pop(id, None)
        except Exception as error:  # noqa: BLE001  # it is tried again later; the message may hold an address
            failures = self._troubles.get(id, (0, 0.0))[0] + 1
            self._troubles[id] = failures, time.monotonic() + min(2.0 ** min(failures, 10), _LONGEST_PAUSE)
            log.error("The webhook %s cannot be served now: %s", id, type(error).__name__)

    async def _bring_next(self, place: Place, line: Line) -> Place | None:
        """Bring what comes next, and return where to go on. No connection to the database is held meanwhile.

        Should this process die before the outcome is kept, the same message is brought again, with the same id.
        """
        async with self._database.reading() as reader:
            message = await next_message(reader, place.consultation, self._base_url, place.cursor, place.kinds)
        if message.body is None:
            async with self._database.writing() as session:
                await progress.pass_over(session, place, message.seq)
            return None
        headers = signing.headers(place.id, place.secret, message.seq, message.body)
        outcome = await line.post(place.url, headers, message.body)
        async with self._database.writing() as session:
            return await progress.note(session, place, message.seq, outcome)
