"""Mails about mandates: what organisers answered, to who asked alone, and gone with their account."""

import pytest
from sqlalchemy import select

from app.accounts import mandate_links, mandates
from app.accounts.actions import erase_account
from app.database import Database
from app.notifications.models import Delivery
from app.worker import catch_up
from tests.making import Made, make
from tests.notifications.conftest import MailFolder

pytestmark = pytest.mark.anyio

BASE = "https://plenary.example.org"


@pytest.mark.parametrize(
    ("acts", "subject", "said"),
    [
        (["confirm"], "Your mandate is confirmed", "you can endorse contributions in its name"),
        (["decline"], "Your mandate was not confirmed", "> Nobody there knows you."),
        (["confirm", "end"], "Your mandate is no longer confirmed", "> Nobody there knows you."),
    ],
)
async def test_who_asked_is_told(
    database: Database, mail_folder: MailFolder, acts: list[str], subject: str, said: str
) -> None:
    made = await make(database)
    await answered(database, made, acts)
    await catch_up(database, BASE)
    mail = mail_folder.mails()[-1]
    assert (mail["To"], mail["Subject"]) == ("participant-a@example.org", subject)
    body = mail.get_body(("plain",))
    assert body is not None
    words = str(body.get_content())
    assert said in words and "Sample network" in words and f"{BASE}/me/mandate" in words
    assert "Organiser D" not in words


async def test_the_mail_goes_with_the_account(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    await answered(database, made, ["decline"])
    await catch_up(database, BASE)
    assert len(mail_folder.names()) == 1
    assert made.participant.person is not None
    async with database.writing() as session:
        await erase_account(session, made.participant, made.participant.person)
    await catch_up(database, BASE)
    assert mail_folder.names() == []
    async with database.writing() as session:
        assert (await session.scalars(select(Delivery))).all() == []


async def test_the_organisation_gets_a_link_that_goes_with_its_answer(
    database: Database, mail_folder: MailFolder
) -> None:
    made = await make(database)
    async with database.writing() as session:
        claim = await mandates.ask(session, made.participant, made.id, "My own words.")
        await mandate_links.pass_on(session, made.organiser, made.id, claim.id, "office@sample.example", "en")
    await catch_up(database, BASE)
    [mail] = mail_folder.mails()
    assert (mail["To"], mail["Subject"]) == ("office@sample.example", "Who speaks for your organisation?")
    body = mail.get_body(("plain",))
    assert body is not None
    words = str(body.get_content())
    path = mandate_links.link_path(claim.id, 1)
    assert "Participant A" in words and f"{BASE}{path}" in words and "My own words" not in words
    async with database.writing() as session:
        await mandate_links.answer_link(session, claim.id, path.rpartition("/")[2], yes=True)
    await catch_up(database, BASE)
    assert [name for name in mail_folder.names() if name.startswith("organisation-")] == []
    assert mail_folder.mails()[-1]["To"] == "participant-a@example.org"


async def answered(database: Database, made: Made, acts: list[str]) -> None:
    """The participant asked, and the organiser did these."""
    async with database.writing() as session:
        claim = await mandates.ask(session, made.participant, made.id)
        for act in acts:
            await mandates.answer(session, made.organiser, made.id, claim.id, act, "Nobody there knows you.")
