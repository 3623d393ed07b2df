"""Sending to many: over few connections, never before its turn, on through whatever a mail server does, and once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app import clock, errors, record
from app.accounts.sign_in import ask_sign_in
from app.config import settings
from app.database import Database
from app.notifications import bouncing, deliveries, letters, mailboxes, sending, transport
from app.notifications.following.models import Subscription
from app.notifications.models import Delivery, FailingAddress
from app.notifications.sending import Outage, send_due
from app.permissions import ANYONE, Actor
from app.worker import catch_up
from tests.counting import counted
from tests.making import Made, make, make_person, say
from tests.people import ServiceLog

pytestmark = pytest.mark.anyio
BASE = "https://plenary.example.org"


@dataclass
class Ledger:
    """A mail server that notes each mail it took, by recipient and Message-ID, and behaves as told."""

    taken: Counter[tuple[str, str]] = field(default_factory=Counter)
    senders: set[str] = field(default_factory=set)
    connections: int = 0
    answers: dict[str, str] = field(default_factory=dict)  # to a recipient, instead of 250
    hangs: set[str] = field(default_factory=set)  # recipients at which it falls silent
    drops: set[str] = field(default_factory=set)  # recipients whose mail it takes, and hangs up without a word
    whole: bool = True  # no address in a header was broken into lines
    lies: bool = False  # it says what no server says

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(b"220 ledger\r\n" if not self.lies else b"\x00\xff hello {you}\r\n")
        to = ""
        while line := (await reader.readline()).decode("latin1").strip():
            verb = line.split(" ")[0].upper()
            answer = {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 fine")
            if verb == "MAIL":
                self.senders.add(line.split("<")[1].split(">")[0])
            if verb == "RCPT":
                to = line.split("<")[1].split(">")[0]
                answer = self.answers.get(to, answer)
                if to in self.hangs:
                    await asyncio.sleep(30)
            writer.write(f"{answer}\r\n".encode())
            if verb == "DATA":
                content = (await reader.readuntil(b"\r\n.\r\n")).decode("latin1")
                id = content.split("Message-ID: ")[1].split("\r\n")[0].strip()
                self.taken[to, id] += 1
                self.whole &= "\r\nList-Unsubscribe: <https://" in content or not id.startswith("<news")
                if to in self.drops:
                    break
                writer.write(b"250 taken\r\n")
            await writer.drain()
            if verb == "QUIT":
                break
        writer.close()


@asynccontextmanager
async def serving(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    listening = await asyncio.start_server(ledger.serve, "127.0.0.1", 0)
    monkeypatch.setenv("PLENARY_SMTP_URL", f"smtp://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
    monkeypatch.setattr(transport, "_TIMEOUT", 0.3)
    settings.cache_clear()
    async with listening:
        yield


async def followed_by(database: Database, made: Made, names: list[str]) -> None:
    people = [await make_person(database, name) for name in names]
    async with database.writing() as session:
        session.add_all(
            Subscription(person_id=each.person, consultation_id=made.id, scope="consultation", thing_id=made.id,
                         pace="at_once", seen=0) for each in people
        )  # fmt: skip


async def fall_due(database: Database) -> None:
    async with database.writing() as session:
        await session.execute(update(Delivery).where(Delivery.due.is_not(None)).values(due=clock.now()))


async def count(database: Database, *which: object) -> int:
    async with database.writing() as session:
        query = select(func.count()).select_from(Delivery).where(Delivery.kind == "news", *which)  # type: ignore[arg-type]
        return int(await session.scalar(query) or 0)


async def test_each_of_many_gets_it_once_whatever_the_server_does(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PLENARY_MAIL_DOMAIN", "in.example.org")
    made, ledger = await make(database), Ledger()
    names = [f"Follower {number}" for number in range(12)]
    await followed_by(database, made, names)
    addresses = [f"{name.lower().replace(' ', '-')}@example.org" for name in names]
    hangs, drops, later, unknown, policy = addresses[:5]
    ledger.hangs, ledger.drops = {hangs}, {drops}
    ledger.answers = {later: "451 4.7.1 later", unknown: f"550 5.1.1 no {unknown}", policy: "550 5.7.1 not you"}
    await say(database, made)
    async with serving(ledger, monkeypatch):
        await catch_up(database, BASE)
        assert {to for to, _id in ledger.taken} == {drops, *addresses[5:]} and ledger.connections <= 6
        assert ledger.whole and all(mailboxes.read_address(each, clock.now()) for each in ledger.senders)
        assert await count(database, Delivery.sent.is_not(None)) == 7
        assert await count(database, Delivery.due.is_not(None)) == 3, "what hangs, drops or says 451 is tried again"
        ledger.hangs, ledger.drops, ledger.answers = set(), set(), {}
        await fall_due(database)
        await catch_up(database, BASE)
    assert (
        await count(database, Delivery.sent.is_not(None)) == 10
        and await count(database, Delivery.due.is_not(None)) == 0
    )
    assert ledger.taken.pop(next(key for key in ledger.taken if key[0] == drops)) == 2  # under one Message-ID
    assert set(ledger.taken.values()) == {1} and len(ledger.taken) == 9
    async with database.writing() as session:
        failing = (await session.scalars(select(FailingAddress))).all()
        assert sorted((row.failures, row.off is not None) for row in failing) == [(1, False), (1, True)]
    assert "example.org" not in caplog.text and (await ServiceLog(database).kinds()).count("address.failed") == 1


@pytest.mark.parametrize("step", ["plan", "claim", "make", "send", "mark"])
async def test_killed_at_any_step_nobody_is_forgotten_nor_told_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    made, ledger = await make(database), Ledger()
    await followed_by(database, made, ["Follower 1", "Follower 2"])
    await say(database, made)
    where, name = {
        "plan": (deliveries, "plan"), "claim": (sending, "letter_of"), "make": (letters, "message"),
        "send": (transport.Line, "send"), "mark": (deliveries, "mark_sent"),
    }[step]  # fmt: skip

    async def killed(*_: object) -> None:
        raise asyncio.CancelledError

    def killed_at_once(*_: object) -> None:
        raise asyncio.CancelledError

    async with serving(ledger, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr(where, name, killed_at_once if step == "make" else killed)
            if step == "plan":
                async with database.writing() as session:
                    await record.ensure_service_log(session)
                    await ask_sign_in(session, "ana@example.org", "browser")
                from app import worker

                patch.setitem(worker.CONSUMERS, "mail", worker.Consumer(deliveries.KINDS, killed))
            with pytest.raises(asyncio.CancelledError):
                await catch_up(database, BASE)
        await fall_due(database)
        await catch_up(database, BASE)
    told = Counter({key: times for key, times in ledger.taken.items() if key[1].startswith("<news-")})
    assert len(told) == 2 and len({to for to, _id in told}) == 2
    assert max(told.values()) == (2 if step == "mark" else 1), "a second copy only of what was not noted, and the same"
    assert await count(database, Delivery.sent.is_not(None)) == 2


async def test_while_the_server_is_away_it_is_left_alone(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made, ledger, outage = await make(database), Ledger(lies=True), Outage()
    await followed_by(database, made, [f"Follower {number}" for number in range(6)])
    await say(database, made)
    async with serving(ledger, monkeypatch):
        await catch_up(database, BASE)
        assert ledger.connections <= 3 and await count(database, Delivery.tries == 0) >= 3
        await fall_due(database)
        assert await send_due(database, BASE, outage) == 6 and outage.lasts()
        await fall_due(database)
        tried = ledger.connections
        assert await send_due(database, BASE, outage) == 0 and ledger.connections == tried
        ledger.lies, outage.until = False, 0.0
        await fall_due(database)
        async with database.writing() as session:
            await record.ensure_service_log(session)
            await ask_sign_in(session, "ana@example.org", "browser")
        monkeypatch.setattr(sending, "_BATCH", 1)
        await catch_up(database, BASE)
        assert next(iter(ledger.taken))[0] == "ana@example.org", "who waits for a code waits for nobody’s news"
        assert sum(ledger.taken.values()) == 7


async def test_an_address_is_switched_off_and_on_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made, ledger, log = await make(database), Ledger(), ServiceLog(database)
    await followed_by(database, made, ["Follower 1", "Follower 2"])
    actor, other = await _followers(database)
    assert actor.person and other.person
    async with database.writing() as session:
        for day in range(3):
            assert await bouncing.switched_off(session, actor.person) is None
            for _twice_a_day in range(2):
                await bouncing.address_failed(session, actor.person, "bounce", permanent=False)
            if day < 2:
                known = await session.get_one(FailingAddress, actor.person)
                known.last -= timedelta(days=1)
                await session.flush()
        await bouncing.address_failed(session, other.person, "complaint", permanent=False)
        for person, why in ((actor.person, "bounce"), (other.person, "complaint")):
            off = await bouncing.switched_off(session, person)
            assert off is not None and off.why == why
    assert (await log.kinds()).count("address.failed") == 2
    await say(database, made)
    async with serving(ledger, monkeypatch):
        await catch_up(database, BASE)
        assert not ledger.taken
        async with database.writing() as session:
            with pytest.raises(errors.Unauthenticated):
                await bouncing.try_again(session, ANYONE)
            await bouncing.try_again(session, actor)
        assert (await log.kinds())[-1] == "address.restored"
        await say(database, made)
        await catch_up(database, BASE)
        assert [to for to, _id in ledger.taken] == ["follower-1@example.org"]
        ledger.answers = {"follower-1@example.org": "550 5.1.8 your domain has no mail server"}
        await say(database, made)
        await catch_up(database, BASE)
    async with database.writing() as session:
        assert await session.get(FailingAddress, actor.person) is None, "that is about us, not about them"


async def _followers(database: Database) -> list[Actor]:
    from app.accounts.actors import actor_of_person

    async with database.writing() as session:
        people = await session.scalars(select(Subscription.person_id).order_by(Subscription.id))
        return [await actor_of_person(session, person) for person in people.all()]


async def test_every_connection_ends_before_an_outage_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[int] = []

    async def claim(_session: object, _most: int) -> list[str]:
        return ["first", "second", "third"]

    async def work_off(_batch: object) -> None:
        ended.append(len(ended))
        if len(ended) == 1:
            raise errors.Unavailable("the database went away")
        await asyncio.sleep(0.05)
        ended.append(len(ended))

    monkeypatch.setattr(deliveries, "claim", claim)
    monkeypatch.setattr("app.notifications.sending._Batch.work_off", work_off)
    with pytest.raises(errors.Unavailable):
        await send_due(database, BASE)
    assert len(ended) == 5, "the two others were left running"


async def test_no_statement_is_about_many_texts_and_many_followers(database: Database) -> None:
    made = await make(database)
    await followed_by(database, made, ["Follower 1", "Follower 2", "Follower 3"])
    texts = [await say(database, made) for _ in range(4)]
    async with counted(database) as statements:
        await catch_up(database, BASE)
    news = [each for each in statements if "INSERT INTO deliveries" in each and "subscriptions.scope" in each]
    assert len(news) >= len(texts)
    assert await count(database) == 3 * len(texts)
