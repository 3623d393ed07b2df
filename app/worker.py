"""The worker: one at a time, in whichever server process holds the lock.

It follows the logs with one cursor for each consumer, sends what is due, and does what the clock asks for. Each of
these goes on whatever happens to the others.
"""

import asyncio
import logging
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from app import errors, record
from app.accounts.purging import purge_expired
from app.bucket import moving
from app.config import settings
from app.consultations import actions, document_files
from app.contributions import attaching
from app.contributions.drafts import purge_drafts
from app.contributions.screening import purge_fingerprints
from app.database import Database
from app.inbound.processing import take_in
from app.mailed.forgetting import purge_mails
from app.meetings.keeping import forget_participants
from app.meetings.sources import forget_addresses
from app.moderation import closing
from app.moderation.figures import count_finished_days
from app.notifications import deliveries, digests, erasures, mail_files, telling
from app.notifications.sending import Outage, send_due
from app.notifications.webhooks import forgetting
from app.notifications.webhooks.courier import Courier
from app.outreach.addressees import forget_old
from app.outreach.forgetting import forget_addresses as forget_invitees
from app.record import following, tiling
from app.record.following import Behind, Seen
from app.synthesis import answer_files, refreshing
from app.synthesis import forgetting as outcome
from app.synthesis.exchange.holding import purge_held

log = logging.getLogger(__name__)

_LOCK = 7_526_454  # any number that no other advisory lock of ours has
_LOOK = 0.5  # seconds between looks at the sizes of the logs
_BETWEEN_FILES = 5.0  # seconds between looks at what the bucket has to take or to lose
_HEARTBEAT = 5.0  # seconds between looks at the lock
_GRACE = 10.0  # seconds for what is in flight when the server stops or the lock is lost
_LONGEST_PAUSE = 300.0
_RARELY = 600  # seconds between two times of what has no hurry


@dataclass(frozen=True, slots=True)
class Consumer:
    """Follows all logs. `react` gets the entries of its kinds, if any, in the transaction that moves its cursor."""

    kinds: frozenset[str]
    react: Callable[[AsyncSession, Sequence[Seen]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Timed:
    """Something to be done every so many seconds, in a transaction of its own."""

    name: str
    every: float
    do: Callable[[AsyncSession], Awaitable[None]]


CONSUMERS = {
    "mail": Consumer(deliveries.KINDS, deliveries.plan),
    "followers": Consumer(telling.KINDS, telling.tell),
    "erasures": Consumer(erasures.KINDS | erasures.LOWERING, erasures.keep),
    "flags": Consumer(closing.KINDS, closing.follow),
    "outcome": Consumer(outcome.KINDS, outcome.follow),
    "mail files": Consumer(mail_files.KINDS, mail_files.follow),
}

TIMED = (
    Timed("phases", 15, actions.enter_due_phases),
    Timed("tiles", 1, tiling.store),
    Timed("figures", 60, count_finished_days),
    Timed("expired", 600, purge_expired),
    Timed("drafts", 3600, purge_drafts),
    Timed("fingerprints", 3600, purge_fingerprints),
    Timed("digests", 60, digests.plan_due),
    Timed("closing", 600, telling.tell_of_closing),
    Timed("deliveries", 3600, deliveries.purge_deliveries),
    Timed("sources", 600, forget_addresses),
    Timed("participants", 3600, forget_participants),
    Timed("invitees", 600, forget_invitees),
    Timed("addressees", 3600, forget_old),
    Timed("mail files", 600, mail_files.tidy),
    Timed("mails", 3600, purge_mails),
    Timed("cursors", 3600, following.forget_removed_logs),
    Timed("attempts", 3600, forgetting.purge_attempts),
    Timed("held files", 3600, purge_held),
)


async def run(database: Database, base_url: str, stop: asyncio.Event) -> None:
    """Work until `stop` is set, whenever this process holds the lock. `base_url` is for links, unless one is set."""
    while not stop.is_set():
        try:
            async with _lock_connection(database) as connection:
                await _take_turns(connection, database, base_url, stop)
        except Exception as error:  # noqa: BLE001  # a worker that ended would be missed only when no mail came
            log.warning("The worker lost its turn and tries again: %s", _place(error))
            await _pause(stop, _HEARTBEAT)


async def catch_up(database: Database, base_url: str) -> None:
    """Do once all that is due, and return when nothing is left. For commands and tests: errors are raised."""
    while await take_in(database):
        pass
    for timed in TIMED:
        await _do(database, timed)
    while found := await _behind(database):
        for behind in found:
            await _advance(database, behind)
    await refreshing.refresh(database)
    while await send_due(database, settings().base_url or base_url):
        pass
    while await _move_files(database):
        pass


async def keep_erasures(database: Database) -> None:
    """Bring the list of erasures up to date with the logs: before a restore puts other logs in their place."""
    while found := [behind for behind in await _behind(database) if behind.consumer == "erasures"]:
        for behind in found:
            await _advance(database, behind)


async def _take_turns(connection: AsyncConnection, database: Database, base_url: str, stop: asyncio.Event) -> None:
    """Try for the lock; while holding it, work. Raises what the connection raises: with it the lock is lost."""
    while not stop.is_set():
        if not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}):
            await _pause(stop, _HEARTBEAT)
            continue
        log.info("This process does the timed work and the mail now.")
        over = asyncio.Event()
        work = asyncio.create_task(_work(database, settings().base_url or base_url, over))
        try:
            while not work.done() and not stop.is_set():
                await _pause(stop, _HEARTBEAT)
                await connection.scalar(text("SELECT 1"))
        finally:
            over.set()  # a mail cut off in flight would be sent only when its claim has lapsed
            await asyncio.wait((work,), timeout=_GRACE)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
        if not stop.is_set():
            work.result()


async def _work(database: Database, base_url: str, stop: asyncio.Event) -> None:
    async with database.writing() as session:
        await record.ensure_service_log(session)
    courier = Courier(database, base_url)
    async with _closed_after(courier), asyncio.TaskGroup() as tasks:
        tasks.create_task(_repeat("following", _LOOK, _Follower(database).look, stop, first=_LOOK))
        tasks.create_task(_repeat("mail in", _LOOK, partial(take_in, database), stop, first=_LOOK))
        tasks.create_task(_repeat("sending", _LOOK, partial(send_due, database, base_url, Outage()), stop, first=_LOOK))
        tasks.create_task(_repeat("webhooks", _LOOK, courier.look, stop, first=_LOOK))
        tasks.create_task(_repeat("files", _BETWEEN_FILES, partial(_move_files, database), stop, first=_BETWEEN_FILES))
        tasks.create_task(_repeat("opinion", 60, partial(refreshing.refresh, database), stop, first=10))
        # Nobody waits for what is done rarely: a while after the start, one at a time, over one connection.
        rarely = asyncio.Lock()
        for timed in TIMED:
            do = partial(_do, database, timed)
            do = partial(_alone, rarely, do) if timed.every >= _RARELY else do
            tasks.create_task(_repeat(timed.name, timed.every, do, stop, first=timed.every / _RARELY))


@asynccontextmanager
async def _closed_after(courier: Courier) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await courier.close()


class _Follower:
    """All consumers at work. Where one fails in a log, that log waits for it a while; everything else goes on."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.not_before: dict[Behind, float] = {}

    async def look(self) -> bool:
        """One batch for every consumer in every log where it is behind. Returns whether more than that is there.

        While people write, somebody is always behind: what comes between two looks is one batch, not many.
        """
        return any([await self._got_on(behind) for behind in await _behind(self.database)])

    async def _got_on(self, behind: Behind) -> bool:
        if time.monotonic() < self.not_before.get(behind, 0.0):
            return False
        try:
            more = await _advance(self.database, behind)
        except errors.Unavailable:
            raise
        except Exception as error:  # noqa: BLE001  # see the class
            async with self.database.writing() as session:
                failures = await following.note_failure(session, behind.consumer, behind.record)
            self.not_before[behind] = time.monotonic() + _pause_after(failures)
            log.error("%s failed %d times in the log %s: %s", behind.consumer, failures, behind.record, _place(error))
            return False
        self.not_before.pop(behind, None)
        return more


async def _behind(database: Database) -> list[Behind]:
    async with database.at_once() as connection:
        return await following.behind(connection, CONSUMERS)


async def _advance(database: Database, behind: Behind) -> bool:
    """One batch for a consumer in a log. Returns whether it was a full one."""
    consumer = CONSUMERS[behind.consumer]
    async with database.writing() as session:
        if entries := await following.advance(session, behind.consumer, behind.record, consumer.kinds):
            await consumer.react(session, entries)
    return len(entries) == following.BATCH


async def _move_files(database: Database) -> bool:
    """Files into the bucket, where one is set, and out of it what nobody holds. Returns whether there may be more."""
    move_out = (attaching.move_out, document_files.move_out, answer_files.move_out)
    return any([await each(database) for each in (*move_out, moving.remove_left)])


async def _do(database: Database, timed: Timed) -> None:
    async with database.writing() as session:
        await timed.do(session)


async def _alone(lock: asyncio.Lock, do: Callable[[], Awaitable[None]]) -> None:
    async with lock:
        await do()


async def _repeat(
    name: str, every: float, do: Callable[[], Awaitable[object]], stop: asyncio.Event, first: float = 0.0
) -> None:
    """After `first` seconds do it; again at once while it says that there is more, else after a pause: a longer one
    after each failure."""
    failures = 0
    await _pause(stop, first)
    while not stop.is_set():
        try:
            more = await do()
            failures = 0
        except Exception as error:  # noqa: BLE001  # whatever goes wrong, the next time may be better
            more, failures = False, failures + 1
            log.error("%s failed %d times: %s", name, failures, _place(error))
        if not more:
            await _pause(stop, max(every, _pause_after(failures)) if failures else every)


@asynccontextmanager
async def _lock_connection(database: Database) -> AsyncIterator[AsyncConnection]:
    """A connection of its own, outside the pool: the lock lives and dies with it."""
    engine = create_async_engine(
        database.write.url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": 5, "command_timeout": 10, "server_settings": {"application_name": "plenary worker"}},
    )
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


def _pause_after(failures: int) -> float:
    return min(2.0 ** min(failures, 10), _LONGEST_PAUSE)


def _place(error: BaseException) -> str:
    """What kind of error, and where. Not its message: a database error repeats the row, which may hold an address."""
    app = Path(__file__).parent
    files = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [f"{file.relative_to(app)}:{number}" for file, number in files if file.is_relative_to(app)]
    return f"{type(error).__name__} at {ours[-1]}" if ours else type(error).__name__
