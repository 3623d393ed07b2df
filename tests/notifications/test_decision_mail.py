"""Mails about decisions: the author's own text, the reason, what can be done. Never the text of others."""

from uuid import UUID

import pytest
from sqlalchemy import select, update

from app import clock
from app.accounts.actions import erase_account
from app.accounts.models import Person
from app.clock import new_id
from app.contributions import actions
from app.contributions.models import Revision
from app.database import Database
from app.moderation import erasing
from app.moderation.acts import ACTS
from app.moderation.models import Decision
from app.notifications import deliveries, wording
from app.notifications.letters import Letter, html, message, plain
from app.notifications.models import Delivery
from app.permissions import OPERATOR
from app.readings.letters.letters import DecisionLetter, decision_letter
from app.worker import catch_up
from tests.making import AFTER, BEFORE, Made, decide, make, say
from tests.notifications.conftest import MailFolder

pytestmark = pytest.mark.anyio

BASE = "https://plenary.example.org"


async def waiting(database: Database, made: Made, **fields: str) -> tuple[UUID, UUID]:
    said = await say(database, made, topic=BEFORE, **fields)  # type: ignore[arg-type]
    async with database.writing() as session:
        revision = await session.scalar(select(Revision.id).where(Revision.contribution_id == said.id))
    assert revision is not None
    return said.id, revision


def words(folder: MailFolder) -> str:
    body = folder.mails()[-1].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def test_an_author_is_told_of_an_approval(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    await decide(
        database, made, "approve", *await waiting(database, made, title="Language classes", body="Secret body.")
    )
    await catch_up(database, BASE)
    [mail] = mail_folder.mails()
    assert mail["To"] == "participant-a@example.org"
    assert mail["Subject"] == "Your contribution is published"
    text = words(mail_folder)
    assert "> Language classes" in text
    assert f"{BASE}/c/mayoral-forum-2016/1" in text
    assert "Secret body." not in text


async def test_a_rejection_gives_reason_rule_and_what_to_do(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    await decide(database, made, "reject", *await waiting(database, made, title="Language classes"))
    await catch_up(database, BASE)
    text = words(mail_folder)
    assert "> Because of a rule." in text
    assert "> 1. " in text
    assert "You can write a new one" in text
    assert "consultation@example.org" in text
    assert f"{BASE}/me" in text


async def test_a_reply_is_known_by_its_own_beginning(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    root = await say(database, made, actor=made.other, topic=AFTER, title="Somebody else’s title", body="Their text.")
    reply = await say(database, made, parent=root.id, body="My *own* reply, which goes on. " * 20)
    await decide(database, made, "hide", reply.id)
    await catch_up(database, BASE)
    text = words(mail_folder)
    assert "> My own reply, which goes on." in text
    assert "Somebody else" not in text
    assert "Their text" not in text
    assert "hidden" in mail_folder.mails()[0]["Subject"]


async def test_decisions_are_told_one_by_one(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    said = await say(database, made)
    for act in ("hide", "restore", "hide"):
        await decide(database, made, act, said.id)
    await catch_up(database, BASE)
    assert sorted(mail["Subject"] for mail in mail_folder.mails()) == [
        "Your contribution is public again", "Your contribution was hidden", "Your contribution was hidden",
    ]  # fmt: skip


async def test_an_edit_is_called_an_edit(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    id, revision = await waiting(database, made)
    await decide(database, made, "approve", id, revision)
    async with database.writing() as session:
        await actions.edit(session, made.participant, id, 1, {"body": "Other text."})
        edit = await session.scalar(select(Revision.id).where(Revision.contribution_id == id, Revision.number == 2))
    await decide(database, made, "reject", id, edit)
    await catch_up(database, BASE)
    assert "What was public before stays public." in "".join(
        str(body.get_content()) for mail in mail_folder.mails() if (body := mail.get_body(("plain",)))
    )


async def test_an_erased_text_is_in_no_mail(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    said = await say(database, made, title="Secret title", body="Secret body.")
    await decide(database, made, "hide", said.id)
    async with database.writing() as session:
        await erasing.erase(session, made.participant, said.id)
    await catch_up(database, BASE)
    assert all(b"Secret" not in mail.as_bytes() for mail in mail_folder.mails())


async def test_an_erased_person_gets_nothing(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    said = await say(database, made)
    assert made.participant.person is not None
    await decide(database, made, "hide", said.id)
    async with database.writing() as session:
        await erase_account(session, OPERATOR, made.participant.person)
    await catch_up(database, BASE)
    assert mail_folder.names() == []
    async with database.writing() as session:
        rows = (await session.scalars(select(Delivery))).all()
        assert all(row.person_id is None or row.due is None for row in rows)
        assert await deliveries.held_about(session, made.participant.person) in ([], [{**_held(row)} for row in rows])


def _held(row: Delivery) -> dict[str, object]:
    return {
        "id": str(row.id),
        "kind": row.kind,
        "about": str(row.subject),
        "made": clock.iso(row.created),
        "sent": clock.iso(row.sent),
    }


async def test_nobody_is_shown_a_text_that_is_not_theirs(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    said = await say(database, made, title="Language classes")
    await decide(database, made, "hide", said.id)
    async with database.writing() as session:
        decision = await session.scalar(select(Decision.id))
        assert decision is not None
        assert made.other.person is not None
        letter = await decision_letter(session, decision, made.other.person)
        assert letter is not None
        assert letter.about is None
        assert await decision_letter(session, new_id(), made.other.person) is None


async def test_a_person_is_told_in_their_language(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    said = await say(database, made)
    await decide(database, made, "hide", said.id)
    async with database.writing() as session:
        await session.execute(update(Person).where(Person.id == made.participant.person).values(language="ar"))
    await catch_up(database, BASE)
    assert mail_folder.mails()[0]["Content-Language"] == "ar"


def test_a_subject_is_one_line_whatever_is_in_it() -> None:
    letter = Letter("ana@example.org", "en", "One\u2028two\x0bthree\r\nBcc: x@example.org", ())
    assert message(letter, "sample", clock.now(), BASE)["Subject"] == "One two three Bcc: x@example.org"


@pytest.mark.parametrize("act", ["erase", *(act for act, known in ACTS.items() if known.told)])
@pytest.mark.parametrize("is_edit", [True, False])
def test_no_text_can_change_the_mail_around_it(act: str, is_edit: bool) -> None:
    hostile = "</blockquote><script>alert(1)</script> {contact} {0} %s"
    letter = wording.decision(
        DecisionLetter(
            email="ana@example.org", language="en", consultation=hostile, contact=None, act=act, about=hostile,
            is_edit=is_edit and act in ("approve", "reject"), still_public=is_edit, path="/me",
            reason=f"{hostile}\nline two", rule=hostile, until=None,
        ),
        BASE,
    )  # fmt: skip
    assert "<script>" not in html(letter)
    assert hostile in plain(letter)
    assert "\n> line two" in plain(letter)
    assert letter.subject.isprintable()
