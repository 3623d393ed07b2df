"""Mails to sign in: from the entry to the file or the server, at least once, under one key."""

import asyncio
import stat
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock, record
from app.accounts import tokens
from app.accounts.models import Challenge
from app.accounts.sign_in import ask_sign_in, link_path, printed_link
from app.config import settings
from app.database import Database
from app.notifications import deliveries, sending, transport
from app.notifications.letters import Block, Letter, message
from app.notifications.models import Delivery
from app.record.following import Seen
from app.record.models import Cursor
from app.worker import catch_up
from tests.notifications.conftest import MailFolder, MailServer

pytestmark = pytest.mark.anyio

BASE = "https://plenary.example.org"


async def ask(database: Database, email: str = "ana@example.org", language: str = "en") -> Challenge:
    async with database.writing() as session:
        await record.ensure_service_log(session)
        return await ask_sign_in(session, email, "browser", language=language)


async def rows(database: Database) -> list[Delivery]:
    async with database.writing() as session:
        return list(await session.scalars(select(Delivery).order_by(Delivery.id)))


async def fall_due(database: Database) -> None:
    async with database.writing() as session:
        await session.execute(update(Delivery).where(Delivery.due.is_not(None)).values(due=clock.now()))


async def test_who_asks_gets_code_and_link(database: Database, mail_folder: MailFolder) -> None:
    challenge = await ask(database)
    await catch_up(database, BASE)
    [mail] = mail_folder.mails()
    assert mail_folder.names() == [f"sign-in-{challenge.id}.eml"]
    assert mail["To"] == "ana@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    for part in (mail.get_body(("plain",)), mail.get_body(("html",))):
        assert part is not None
        assert tokens.code_of(challenge.id) in part.get_content()
        assert BASE + link_path(challenge.id) in part.get_content()
    assert tokens.code_of(challenge.id) not in mail["Subject"]  # it would show on a locked screen
    [row] = await rows(database)
    assert (row.sent is not None, row.due, row.tries, row.error) == (True, None, 1, None)


async def test_neither_the_database_nor_the_log_holds_what_was_mailed(
    database: Database, mail_folder: MailFolder
) -> None:
    challenge = await ask(database)
    await catch_up(database, BASE)
    [row] = await rows(database)
    stored = repr(vars(row))
    assert "example.org" not in stored
    assert tokens.code_of(challenge.id) not in stored


async def test_the_files_are_for_the_server_alone(database: Database, mail_folder: MailFolder) -> None:
    await ask(database)
    await catch_up(database, BASE)
    [file] = mail_folder.path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(mail_folder.path.stat().st_mode) == 0o700


async def test_in_arabic_it_runs_from_right_to_left(database: Database, mail_folder: MailFolder) -> None:
    await ask(database, language="ar")
    await catch_up(database, BASE)
    body = mail_folder.mails()[0].get_body(("html",))
    assert body is not None
    assert '<html lang="ar" dir="rtl">' in body.get_content()


async def test_a_printed_link_is_not_mailed(database: Database, mail_folder: MailFolder) -> None:
    async with database.writing() as session:
        await record.ensure_service_log(session)
        await printed_link(session, "op@example.org")
    await catch_up(database, BASE)
    assert mail_folder.names() == []
    [row] = await rows(database)
    assert (row.due, row.sent) == (None, None)


async def test_what_expired_meanwhile_is_not_mailed(database: Database, mail_folder: MailFolder) -> None:
    await ask(database)
    async with database.writing() as session:
        await session.execute(update(Challenge).values(expires=clock.now()))
    await catch_up(database, BASE)
    assert mail_folder.names() == []


async def test_an_entry_seen_twice_is_mailed_once(database: Database, mail_folder: MailFolder) -> None:
    await ask(database)
    await catch_up(database, BASE)
    async with database.writing() as session:
        await session.execute(update(Cursor).values(seq=0))
    await catch_up(database, BASE)
    [row] = await rows(database)
    assert row.tries == 1


async def test_killed_between_sending_and_marking_it_goes_out_again_as_the_same(
    database: Database, mail_folder: MailFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask(database)

    async def killed(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "mark_sent", killed)
        with pytest.raises(asyncio.CancelledError):
            await catch_up(database, BASE)
    [first] = mail_folder.mails()
    [row] = await rows(database)
    assert (row.sent, row.tries) == (None, 1)
    assert row.due is not None
    assert row.due > clock.now() + deliveries.ATTEMPT_LASTS / 2  # not before the dead sender would have reported
    await catch_up(database, BASE)
    assert (await rows(database))[0].tries == 1
    await fall_due(database)
    await catch_up(database, BASE)
    [second] = mail_folder.mails()
    assert (second["Message-ID"], second["Date"]) == (first["Message-ID"], first["Date"])
    [row] = await rows(database)
    assert (row.sent is not None, row.tries) == (True, 2)


async def test_two_senders_take_different_messages(database: Database, mail_folder: MailFolder) -> None:
    for number in range(20):
        await ask(database, f"p{number}@example.org")
    async with database.writing() as session:
        entries = [
            Seen(record.log_id("service", None), None, 1, clock.now(), "sign_in.asked", id, {})
            for id in await session.scalars(select(Challenge.id))
        ]
        await deliveries.plan(session, entries)
    sent = await asyncio.gather(*(sending.send_due(database, BASE) for _ in range(2)))
    assert sum(sent) == 20
    assert {row.tries for row in await rows(database)} == {1}
    assert len(mail_folder.names()) == 20


async def test_a_mail_server_gets_it(database: Database, mail_server: MailServer) -> None:
    challenge = await ask(database)
    await catch_up(database, BASE)
    [received] = mail_server.received
    assert mail_server.recipients == ["ana@example.org"]
    assert tokens.code_of(challenge.id).encode() in received


async def test_a_server_for_ascii_only_gets_ascii(
    database: Database, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = message(
        Letter("ana@example.org", "ar", "مرحبا", (Block("paragraph", "مرحبا بكم"),)), "key", clock.now(), BASE
    )
    async with transport.Line() as line:
        await line.send(mail, "key")
    [received] = mail_server.received
    assert received.isascii()


@pytest.mark.parametrize(
    ("verb", "answer"),
    [("MAIL", "451 later"), ("RCPT", "550 no <ana@example.org> here"), ("DATA", "554 ana@example.org is spam")],
)
async def test_a_refused_mail_is_tried_again_and_no_address_is_kept(
    database: Database, mail_server: MailServer, caplog: pytest.LogCaptureFixture, verb: str, answer: str
) -> None:
    mail_server.refuse[verb] = answer
    await ask(database)
    await catch_up(database, BASE)
    [row] = await rows(database)
    assert row.sent is None
    assert row.due is not None
    assert row.due > clock.now()
    assert row.error is not None
    assert answer[:3] in row.error
    assert "example.org" not in row.error + caplog.text
    mail_server.refuse.clear()
    await fall_due(database)
    await catch_up(database, BASE)
    [row] = await rows(database)
    assert (row.sent is not None, row.tries, row.error) == (True, 2, None)


async def test_a_server_that_is_away_costs_nothing(
    database: Database, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLENARY_SMTP_URL", "smtp://127.0.0.1:9")
    settings.cache_clear()
    await ask(database)
    await catch_up(database, BASE)
    pauses = []
    for _ in range(3):
        [row] = await rows(database)
        assert row.due is not None
        pauses.append(row.due - clock.now())
        await fall_due(database)
        await sending.send_due(database, BASE)
    assert pauses == sorted(pauses)
    assert pauses[0] > timedelta(seconds=5)


async def test_after_three_days_it_is_given_up(database: Database, mail_server: MailServer) -> None:
    mail_server.refuse["MAIL"] = "451 later"
    await ask(database)
    async with database.writing() as session:
        await session.execute(update(Challenge).values(expires=clock.now() + timedelta(days=9)))
    await catch_up(database, BASE)
    async with database.writing() as session:
        await session.execute(update(Delivery).values(created=clock.now() - timedelta(days=4), due=clock.now()))
    await catch_up(database, BASE)
    [row] = await rows(database)
    assert (row.due, row.sent) == (None, None)
    assert row.error
