"""The worker: one at a time, nothing skipped, nothing stopped by the failure of something else."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors, record, worker
from app.accounts.sign_in import ask_sign_in
from app.config import settings
from app.database import Database
from app.notifications import deliveries, transport
from app.notifications.models import Delivery
from app.record import following
from app.record.following import Seen
from app.record.models import Cursor, Entry
from app.worker import Consumer, Timed, catch_up
from tests.making import make, say

pytestmark = pytest.mark.anyio

BASE = "http://127.0.0.1:8000"
# The worker's lock in this database: the view shows those of all databases of the server, other tests' among them.
_HELD = """
FROM pg_locks WHERE locktype = 'advisory' AND objid = :key AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that does not take its time."""
    for name, seconds in {"_LOOK": 0.02, "_HEARTBEAT": 0.1, "_LONGEST_PAUSE": 0.1, "_GRACE": 2.0}.items():
        monkeypatch.setattr(worker, name, seconds)


@pytest.fixture(autouse=True)
async def _no_cut_connections(database: Database) -> AsyncIterator[None]:
    """Other tests go on with the same connections: what is cut here may not be left to them."""
    yield
    await database.close()


@asynccontextmanager
async def working(*databases: Database) -> AsyncIterator[None]:
    """One worker for each database, as server processes have them."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(worker.run(each, BASE, stop)) for each in databases]
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 10)


async def until(condition: Callable[[], Any], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


async def ask(database: Database, email: str = "ana@example.org") -> None:
    async with database.writing() as session:
        await record.ensure_service_log(session)
        await ask_sign_in(session, email, "browser")


async def cut_the_lock(database: Database) -> None:
    async with database.at_once() as connection:
        kill = text(f"SELECT pg_terminate_backend(pid) {_HELD}")
        assert await connection.scalar(kill, {"key": worker._LOCK})


def mails() -> int:
    return len(list(settings().mail_folder.glob("*.eml")))


class Noting:
    """A consumer that notes what it saw, and fails when told to."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.fails = False

    async def __call__(self, session: AsyncSession, entries: Sequence[Seen]) -> None:
        if self.fails:
            raise RuntimeError("ana@example.org is in no log")
        self.seen += entries

    def seqs(self) -> list[int]:
        return [entry.seq for entry in self.seen]


@pytest.fixture
def noting(monkeypatch: pytest.MonkeyPatch) -> Noting:
    """A further consumer, of what is asked in the service log."""
    consumer = Noting()
    kinds = frozenset(("sign_in.asked", "contribution.published"))
    monkeypatch.setitem(worker.CONSUMERS, "noting", Consumer(kinds, consumer))
    return consumer


async def test_a_mail_goes_out_soon_after_the_commit(database: Database) -> None:
    async with working(database):
        await asyncio.sleep(1)
        await ask(database)
        await until(lambda: mails() == 1, seconds=3)


async def test_several_processes_have_one_worker(
    database: Database, database_url: str, quick: None, noting: Noting
) -> None:
    others = [Database(database_url, pool=3) for _ in range(2)]
    try:
        async with working(database, *others):
            for number in range(15):
                await ask(database, f"p{number}@example.org")
            await until(lambda: mails() == 15)
            async with database.at_once() as connection:
                count = await connection.scalar(text(f"SELECT count(*) {_HELD}"), {"key": worker._LOCK})
            assert count == 1
    finally:
        for each in others:
            await each.close()
    assert noting.seqs() == list(range(1, 16))


async def test_another_process_takes_over_when_the_lock_is_lost(
    database: Database, database_url: str, quick: None
) -> None:
    other = Database(database_url, pool=3)
    try:
        async with working(database, other):
            await ask(database)
            await until(lambda: mails() == 1)
            await cut_the_lock(database)
            await ask(database, "ben@example.org")
            await until(lambda: mails() == 2)
    finally:
        await other.close()


async def test_a_mail_on_its_way_is_not_cut_off_when_the_lock_is_lost(
    database: Database, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending, send = asyncio.Event(), transport.Line.send

    async def slowly(line: transport.Line, message: EmailMessage, key: str, sender: str | None = None) -> None:
        sending.set()
        await asyncio.sleep(0.5)
        await send(line, message, key, sender)

    monkeypatch.setattr(transport.Line, "send", slowly)
    async with working(database):
        await ask(database)
        await sending.wait()
        await cut_the_lock(database)
        await until(lambda: mails() == 1, seconds=5)


async def test_nothing_is_skipped_under_concurrent_writers(database: Database, quick: None, noting: Noting) -> None:
    made = await make(database)
    async with working(database):
        await asyncio.gather(*(say(database, made, title=f"Number {number}") for number in range(24)))
        await until(lambda: len(noting.seen) == 24)
    assert noting.seqs() == list(range(noting.seqs()[0], noting.seqs()[0] + 24))
    async with database.writing() as session:
        query = select(Entry.seq).where(Entry.kind == "contribution.published").order_by(Entry.seq)
        assert list(await session.scalars(query)) == noting.seqs()


async def test_a_consumer_that_fails_stops_no_other_and_misses_nothing(
    database: Database, quick: None, noting: Noting, caplog: pytest.LogCaptureFixture
) -> None:
    noting.fails = True
    async with working(database):
        await ask(database)
        await until(lambda: mails() == 1)
        await until(lambda: "noting failed 2 times" in caplog.text)
        async with database.writing() as session:
            assert (await session.get(Cursor, ("noting", record.log_id("service", None)))).failures >= 2  # type: ignore[union-attr]
        noting.fails = False
        await ask(database, "ben@example.org")
        await until(lambda: noting.seqs() == [1, 2])
    async with database.writing() as session:
        cursor = await session.get(Cursor, ("noting", record.log_id("service", None)))
        assert cursor is not None
        assert (cursor.seq, cursor.failures) == (2, 0)
    assert "RuntimeError" in caplog.text
    assert "example.org" not in caplog.text


async def test_timed_work_that_fails_is_done_again(
    database: Database, quick: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    async def fail(_session: AsyncSession) -> None:
        done.append("failed")
        raise ValueError

    async def count(_session: AsyncSession) -> None:
        done.append("counted")

    monkeypatch.setattr(worker, "TIMED", (Timed("failing", 0.02, fail), Timed("counting", 0.02, count)))
    async with working(database):
        await until(lambda: done.count("failed") > 2 and done.count("counted") > 2)
    assert "failing failed 2 times: ValueError" in caplog.text


async def test_a_handler_is_undone_with_its_cursor(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done about entries and the cursor are one transaction: a crash before its end undoes both."""

    async def half(session: AsyncSession, entries: Sequence[Seen]) -> None:
        await deliveries.plan(session, entries)
        raise RuntimeError

    monkeypatch.setattr(worker, "CONSUMERS", {"mail": Consumer(deliveries.KINDS, half)})
    await ask(database)
    with pytest.raises(RuntimeError):
        await catch_up(database, BASE)
    async with database.writing() as session:
        assert (await session.scalars(select(Delivery))).all() == []
        assert (await session.scalars(select(Cursor))).all() == []


async def test_long_logs_are_followed_in_batches(
    database: Database, noting: Noting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "BATCH", 3)
    monkeypatch.setattr(following, "_STRIDE", 5)
    made = await make(database)
    for number in range(8):
        await ask(database, f"p{number}@example.org")
        await say(database, made)
    await catch_up(database, BASE)
    by_log: dict[Any, list[int]] = {}
    for entry in noting.seen:
        by_log.setdefault(entry.record, []).append(entry.seq)
    assert sorted(map(len, by_log.values())) == [8, 8]
    assert all(seqs == sorted(set(seqs)) for seqs in by_log.values())
    assert {entry.consultation for entry in noting.seen} == {None, made.id}
    async with database.at_once() as connection:
        assert await following.behind(connection, worker.CONSUMERS) == []


async def test_cursors_of_a_removed_log_are_forgotten(database: Database, noting: Noting) -> None:
    await ask(database)
    await catch_up(database, BASE)
    async with database.writing() as session:
        await session.execute(text("DELETE FROM entries"))
        await session.execute(text("DELETE FROM records"))
        await following.forget_removed_logs(session)
        assert (await session.scalars(select(Cursor))).all() == []


async def test_the_set_address_wins_over_the_servers(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLENARY_BASE_URL", "https://plenary.example.org/")
    settings.cache_clear()
    await ask(database)
    await catch_up(database, BASE)
    [file] = settings().mail_folder.glob("*.eml")
    assert "https://plenary.example.org/sign-in/" in file.read_text()
    assert BASE not in file.read_text()


async def test_stopping_is_quick(database: Database) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(worker.run(database, BASE, stop))
    await asyncio.sleep(0.5)
    stop.set()
    await asyncio.wait_for(task, 2)


async def test_a_database_that_goes_away_and_comes_back(database: Database, quick: None) -> None:
    async with working(database):
        await ask(database)
        await until(lambda: mails() == 1)
        async with database.at_once() as connection:
            others = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            await connection.execute(text(others))
        await asyncio.sleep(0.3)
        for _ in range(10):  # connections that were cut in the pool are noticed when used
            with suppress(DBAPIError, errors.Unavailable):
                await ask(database, "ben@example.org")
                break
        await until(lambda: mails() >= 2)
