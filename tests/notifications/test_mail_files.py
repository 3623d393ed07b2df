"""Mail in files goes with the account that it is addressed to, and with the text that it speaks of."""

import os
from datetime import timedelta
from types import ModuleType

import pytest
from sqlalchemy import select, update

from app import clock, record, worker
from app.accounts.actions import erase_account
from app.accounts.models import Challenge
from app.accounts.people import find_person
from app.accounts.sign_in import ask_sign_in
from app.contributions import actions
from app.database import Database
from app.moderation import erasing
from app.notifications import erasures, mail_files
from app.notifications.models import Delivery
from app.permissions import OPERATOR
from app.record import following
from app.record.models import Cursor
from app.worker import catch_up
from tests.making import AFTER, Made, decide, make, say
from tests.notifications.conftest import MailFolder

pytestmark = pytest.mark.anyio

BASE = "https://plenary.example.org"
ADDRESS, OTHER = "participant-a@example.org", "participant-b@example.org"


async def ask(database: Database, *addresses: str) -> None:
    async with database.writing() as session:
        await record.ensure_service_log(session)
        for address in addresses:
            await ask_sign_in(session, address, "browser")


async def mailed(database: Database) -> Made:
    """Two people with a sign-in and a decision each, all of it in files."""
    made = await make(database)
    for actor in (made.participant, made.other):
        said = await say(database, made, actor=actor, topic=AFTER)
        await decide(database, made, "hide", said.id)
    await ask(database, ADDRESS, OTHER)
    await catch_up(database, BASE)
    return made


async def erase(database: Database, address: str) -> None:
    async with database.writing() as session:
        person = await find_person(session, address)
        assert person is not None
        await erase_account(session, OPERATOR, person)


def addressed(folder: MailFolder) -> list[str]:
    return sorted(mail["To"] for mail in folder.mails())


async def test_files_go_with_the_account(database: Database, mail_folder: MailFolder) -> None:
    await mailed(database)
    (mail_folder.path / "kept-by-somebody.txt").write_text("not ours")
    assert addressed(mail_folder) == [ADDRESS, ADDRESS, OTHER, OTHER]
    await erase(database, ADDRESS)
    await catch_up(database, BASE)
    assert addressed(mail_folder) == [OTHER, OTHER]
    assert "kept-by-somebody.txt" in mail_folder.names()
    async with database.writing() as session:
        assert await find_person(session, ADDRESS) is None
        told = await session.scalars(select(Delivery.person_id).where(Delivery.person_id.is_not(None)))
        assert len(told.all()) == 1


async def test_it_is_done_again_after_a_crash(
    database: Database, mail_folder: MailFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await mailed(database)
    await erase(database, ADDRESS)

    def crash(*_: object) -> None:
        raise OSError("the disk is away")

    monkeypatch.setattr(worker, "TIMED", ())
    with monkeypatch.context() as patch:
        patch.setattr(mail_files, "_delete", crash)
        with pytest.raises(RuntimeError, match="mail files"):
            await catch_up(database, BASE)
    assert ADDRESS in addressed(mail_folder)
    await catch_up(database, BASE)
    assert addressed(mail_folder) == [OTHER, OTHER]
    async with database.writing() as session:
        await session.execute(update(Cursor).where(Cursor.consumer == "mail files").values(seq=0))
    await catch_up(database, BASE)
    assert addressed(mail_folder) == [OTHER, OTHER]


@pytest.mark.parametrize(("module", "at"), [(mail_files, "_delete"), (erasures, "_append")])
async def test_files_that_cannot_be_changed_stop_nothing_else(
    database: Database, mail_folder: MailFolder, monkeypatch: pytest.MonkeyPatch, module: ModuleType, at: str
) -> None:
    await mailed(database)
    await erase(database, ADDRESS)
    await ask(database, "ana@example.org")

    def crash(*_: object) -> None:
        raise PermissionError("not ours any more")

    monkeypatch.setattr(module, at, crash)
    await worker._Follower(database).look()
    async with database.at_once() as connection:
        behind = {each.consumer for each in await following.behind(connection, worker.CONSUMERS)}
    assert behind == {"mail files" if module is mail_files else "erasures"}


async def test_a_mail_that_was_under_way_goes_by_the_clock(database: Database, mail_folder: MailFolder) -> None:
    await mailed(database)
    [mine] = [file for file in mail_folder.path.glob("decision-*") if ADDRESS in file.read_text()]
    late = mine.read_bytes()
    await erase(database, ADDRESS)
    await catch_up(database, BASE)
    mine.write_bytes(late)
    await catch_up(database, BASE)
    assert not mine.exists()


async def test_a_decision_that_is_told_after_the_account_went_is_told_to_nobody(
    database: Database, mail_folder: MailFolder
) -> None:
    made = await make(database)
    said = await say(database, made)
    await decide(database, made, "hide", said.id)
    await erase(database, ADDRESS)
    async with database.writing() as session:  # the worker has seen the service log, and not yet the others
        session.add(Cursor(consumer="mail", record_id=record.log_id("service", None), seq=100_000))
    await catch_up(database, BASE)
    async with database.writing() as session:
        assert (await session.scalars(select(Delivery))).all() == []


@pytest.mark.parametrize("whole", [True, False])
async def test_files_go_with_the_text(database: Database, mail_folder: MailFolder, whole: bool) -> None:
    made = await make(database)
    said, other = await say(database, made, title="Secret title"), await say(database, made)
    for id in (said.id, other.id):
        await decide(database, made, "hide", id)
        await decide(database, made, "restore", id)
    await catch_up(database, BASE)
    assert len(mail_folder.mails()) == 4
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"title": "Another title"})
        if whole:
            await erasing.erase(session, made.participant, said.id)
        else:
            await erasing.erase_revision(session, made.participant, said.id, 1)
    await catch_up(database, BASE)
    assert len(mail_folder.mails()) == 2
    assert all(b"Secret" not in mail.as_bytes() for mail in mail_folder.mails())


async def test_files_to_sign_in_go_when_they_are_of_no_more_use(database: Database, mail_folder: MailFolder) -> None:
    await ask(database, "ana@example.org", "ben@example.org")
    await catch_up(database, BASE)
    async with database.writing() as session:
        long_ago = clock.now() - timedelta(days=2)
        await session.execute(update(Challenge).where(Challenge.email == "ana@example.org").values(expires=long_ago))
    await catch_up(database, BASE)
    assert addressed(mail_folder) == ["ben@example.org"]


async def test_what_a_crash_left_half_written_goes_too(database: Database, mail_folder: MailFolder) -> None:
    await ask(database, "ana@example.org")
    await catch_up(database, BASE)
    [file] = mail_folder.path.glob("*.eml")
    fresh, old = (mail_folder.path / f".{file.stem}.{end}" for end in ("0123abcd", "4567abcd"))
    for half in (fresh, old):
        half.write_text("To: ana@example.org")
    os.utime(old, (0, 0))
    await catch_up(database, BASE)
    assert fresh.exists() and file.exists() and not old.exists()


async def test_without_a_folder_there_is_nothing_to_do(database: Database, mail_folder: MailFolder) -> None:
    async with database.writing() as session:
        await mail_files.tidy(session)
    assert not mail_folder.path.exists()
