"""Mails about roles: the offer in its language, gone once it is answered; and that a role was taken back."""

import tomllib

import pytest
from sqlalchemy import select

from app.accounts import offers, team
from app.accounts.actions import erase_account, take_role_back
from app.accounts.models import Membership, RoleOffer
from app.consultations.offering import offer_role
from app.database import Database
from app.language import speaking
from app.permissions import ANYONE, OPERATOR
from app.readings.organising import team as roles
from app.worker import catch_up
from tests.making import AFTER, DEFINITIONS, SLUG, Made, make, make_person
from tests.notifications.conftest import MailFolder

pytestmark = pytest.mark.anyio
BASE = "https://plenary.example.org"


def said(folder: MailFolder) -> tuple[str, str, str]:
    """To whom the last mail goes, its subject and its words."""
    mail = folder.mails()[-1]
    body = mail.get_body(("plain",))
    assert body is not None
    return mail["To"], mail["Subject"], str(body.get_content())


async def offered(database: Database, made: Made) -> str:
    async with database.writing() as session:
        email, topic = "participant-a@example.org", AFTER
        id = await offer_role(session, made.organiser, made.id, email, "moderator", topic, "es")
    await catch_up(database, BASE)
    return offers.link_path(id)


async def test_an_offer_is_mailed_and_goes_with_its_answer(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    link = await offered(database, made)
    to, subject, words = said(mail_folder)
    assert (to, subject) == ("participant-a@example.org", "Se le propone un rol: moderación")
    assert f"{BASE}{link}" in words and "diásporas" in words and "Organiser D" not in words
    _empty, _role, id, token = link.split("/")
    async with database.writing() as session:
        [row] = (await session.scalars(select(RoleOffer))).all()
        assert str(row.id) == id
        await offers.accept(session, made.participant, row.id, token, "none")
    await catch_up(database, BASE)
    assert mail_folder.names() == []


async def test_the_offer_names_consultation_and_topic_in_its_language(
    database: Database, mail_folder: MailFolder
) -> None:
    made = await make(database)
    async with database.writing() as session:
        await offer_role(session, made.organiser, made.id, "p@example.org", "rapporteur", AFTER, "ar")
    await catch_up(database, BASE)
    _to, _subject, words = said(mail_folder)
    definition = tomllib.loads((DEFINITIONS / f"{SLUG}.toml").read_text())
    arabic = definition["translations"]["ar"]
    assert arabic["title"] in words and arabic["topics"][AFTER]["title"] in words and definition["title"] not in words
    async with database.writing() as session:
        [row] = (await session.scalars(select(RoleOffer))).all()
        token = offers.link_path(row.id).rpartition("/")[2]
        with speaking("ar"):
            view = await roles.offer(session, ANYONE, row.id, token)
    assert (view.consultation, view.topic) == (arabic["title"], arabic["topics"][AFTER]["title"])


async def test_nothing_is_mailed_for_an_offer_taken_back_at_once(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    async with database.writing() as session:
        id = await offer_role(session, made.organiser, made.id, "p@example.org", "rapporteur")
        await offers.take_back(session, made.organiser, made.id, id)
    await catch_up(database, BASE)
    assert mail_folder.names() == []


async def test_who_loses_a_role_is_told_and_who_lays_it_down_is_not(
    database: Database, mail_folder: MailFolder
) -> None:
    made = await make(database)
    second = await make_person(database, "Moderator E", consultation=made.id, role="moderator")
    async with database.writing() as session:
        roles = {row.person_id: row.id for row in await session.scalars(select(Membership))}
        assert made.moderator.person is not None and second.person is not None
        await team.leave(session, second, roles[second.person])
        await team.revoke(session, made.organiser, made.id, roles[made.moderator.person], "Thank <b>you</b>.")
    await catch_up(database, BASE)
    to, subject, words = said(mail_folder)
    assert len(mail_folder.names()) == 1 and (to, subject) == ("moderator-c@example.org", "Your role has ended")
    assert "> Thank <b>you</b>." in words and "Organiser D" not in words
    async with database.writing() as session:
        await erase_account(session, made.moderator, made.moderator.person)
    await catch_up(database, BASE)
    assert mail_folder.names() == []


async def test_the_operator_takes_a_role_without_a_word(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    async with database.writing() as session:
        await take_role_back(session, OPERATOR, "moderator-c@example.org", "moderator", made.id)
    await catch_up(database, BASE)
    assert mail_folder.names() == []
