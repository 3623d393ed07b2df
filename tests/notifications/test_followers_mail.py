"""Mail to followers: what each chose, once, in the words that are public when it is sent, and the ways to stop it."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app import clock
from app.accounts.models import Membership, Person, PrivateConsultation
from app.config import settings
from app.contributions import actions as contributions
from app.contributions.submissions import Submission
from app.database import Database
from app.notifications import digests, mailboxes, stopping
from app.notifications.following import actions
from app.notifications.following.actions import Chosen
from app.notifications.following.matching import wanted_by
from app.notifications.models import Delivery, Digest
from app.notifications.preferences import Preferences, choose
from app.notifications.stopping import Stop
from app.permissions import Actor
from app.readings.consultations import consultation
from app.readings.followed import Scope, followable
from app.worker import catch_up
from tests.making import AFTER, SLUG, decide, make, make_person, say
from tests.notifications.conftest import MailFolder

pytestmark = pytest.mark.anyio
BASE = "https://plenary.example.org"


async def follow(database: Database, actor: Actor, scope: Scope, pace: str, what: str = "all") -> None:
    async with database.reading() as connection:
        its = await consultation(connection, SLUG)
        found = await followable(connection, its, AFTER if scope == "topic" else "", 1 if scope == "thread" else None)
    async with database.writing() as session:
        await actions.follow(session, actor, found)
        await actions.set_paces(session, actor, {found.id: Chosen(pace, what)})


async def prefer(database: Database, actor: Actor, **chosen: object) -> None:
    async with database.writing() as session:
        await choose(session, actor, Preferences(**chosen))  # type: ignore[arg-type]


def to(folder: MailFolder, name: str) -> list[EmailMessage]:
    return [mail for mail in folder.mails() if mail["To"] == f"{name}@example.org"]


def words(mail: EmailMessage, form: str = "plain") -> str:
    body = mail.get_body((form,))
    assert body is not None
    return str(body.get_content())


async def new_day(database: Database) -> None:
    """Everybody's digest was thought of yesterday, and their hour has come."""
    async with database.writing() as session:
        await digests.plan_due(session)
        yesterday = (clock.now() - timedelta(days=2)).date()
        await session.execute(update(Digest).values(day=yesterday))


async def test_each_hears_once_of_what_they_chose_and_nobody_of_themselves(
    database: Database, mail_folder: MailFolder
) -> None:
    made = await make(database)
    root = await say(database, made, title="Language classes", body="See [the programme](/c/x/1).\n\n<b>plain</b>")
    quiet, notes, mine = [await make_person(database, name) for name in ("Quiet Q", "Notes N", "Mine M")]
    for scope in ("thread", "topic", "consultation"):
        await follow(database, made.other, scope, "at_once")  # three reasons, one mail
        await follow(database, made.participant, scope, "at_once")
        await follow(database, quiet, scope, "never" if scope == "thread" else "at_once")
    await follow(database, notes, "topic", "at_once", "notes")
    await follow(database, mine, "topic", "at_once", "replies_to_me")
    await catch_up(database, BASE)
    assert mail_folder.mails() == [], "what was there before is no news"

    reply = await say(database, made, actor=made.moderator, parent=root.id, body="A reply, with **weight**.")
    await say(database, made, actor=mine, parent=root.id, body="Another.")
    await catch_up(database, BASE)
    assert [len(to(mail_folder, name)) for name in ("participant-b", "participant-a", "quiet-q", "notes-n", "mine-m",
                                                    "moderator-c")] == [2, 2, 0, 0, 0, 0]  # fmt: skip
    mail = next(each for each in to(mail_folder, "participant-b") if "weight" in words(each))
    assert mail["Subject"] == "Re: Language classes"
    assert mail["List-Id"] == f"<{AFTER}.{SLUG}.plenary.example.org>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and mail["Auto-Submitted"]
    assert mail["References"] == mail["In-Reply-To"] == f"<c-{root.id}@plenary.example.org>"
    assert mail["Message-ID"].startswith(f"<news-{reply.id}-") and mail["Reply-To"] is None
    assert "> A reply, with **weight**." in words(mail) and "Moderator C replied to contribution 1:" in words(mail)
    assert "<strong>weight</strong>" in words(mail, "html") and f"{BASE}/c/{SLUG}/2" in words(mail, "html")
    for remote in ("<img", "src=", "<link", "@import", "url("):
        assert remote not in words(mail, "html")
    assert len(mail.as_bytes()) < 30_000
    assert made.other.person is not None
    link = mail["List-Unsubscribe"].strip("<>")
    assert link.startswith(f"{BASE}/stop/") and link in words(mail) and link in words(mail, "html")
    assert stopping.read(link.rpartition("/")[2]) == Stop(made.other.person, "thread", root.id)
    assert any("because it answers you" in words(each) for each in to(mail_folder, "participant-a"))

    await say(database, made, actor=mine, parent=reply.id, kind="reply", body="To the moderator.")
    async with database.writing() as session:
        note = Submission(topic=AFTER, kind="note", title="What is missing", body="A note.", language="en")
        await contributions.post(session, made.moderator, made.id, note)
    await catch_up(database, BASE)
    assert [len(to(mail_folder, name)) for name in ("notes-n", "mine-m", "moderator-c")] == [1, 0, 1]


async def test_a_mail_says_what_is_public_when_it_is_sent(
    database: Database, mail_folder: MailFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make(database)
    await follow(database, made.other, "topic", "at_once")
    gone, member = await make_person(database, "Gone G"), await make_person(database, "Member M")
    for each in (gone, member):
        await follow(database, each, "topic", "at_once")
    kept = await say(database, made, title="Kept", byline="anonymous")
    hidden = await say(database, made, title="Hidden", body="Never to be mailed.")
    await _plan(database)
    await decide(database, made, "hide", hidden.id)
    async with database.writing() as session:
        await session.execute(update(Person).where(Person.id == gone.person).values(erased=clock.now(), email=None))
        session.add(PrivateConsultation(consultation_id=made.id, why="invited"))
        session.add(Membership(person_id=member.person, consultation_id=made.id, role="participant"))
        await session.execute(update(Person).where(Person.id == member.person).values(language="ar"))
    await catch_up(database, BASE)
    mails = [mail for mail in mail_folder.mails() if mail["Subject"] == "Kept"]
    assert [mail["To"] for mail in mails] == ["member-m@example.org"], "neither a stranger to it nor the erased"
    assert 'dir="rtl"' in words(mails[0], "html") and "Participant A" not in mails[0].as_string()
    assert not any(b"Never to be" in mail.as_bytes() for mail in mail_folder.mails())
    async with database.writing() as session:
        assert await session.scalar(select(Delivery.sent).where(Delivery.subject == hidden.id, Delivery.kind == "news"
                                                                )) is None  # fmt: skip
        await session.execute(update(Membership).where(Membership.person_id == member.person).values(role="suspended"))
    await say(database, made, actor=made.moderator, parent=kept.id)
    await catch_up(database, BASE)
    assert len(to(mail_folder, "member-m")) == 1, "who is suspended hears no more"


async def test_a_mail_is_answered_to_an_address_of_its_own(
    database: Database, mail_folder: MailFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLENARY_MAIL_DOMAIN", "in.example.org")
    settings.cache_clear()
    made = await make(database)
    await follow(database, made.other, "topic", "at_once")
    said = await say(database, made, body="كلمة طويلة. " * 200)
    await catch_up(database, BASE)
    [mail] = to(mail_folder, "participant-b")
    [file] = mail_folder.path.glob("news-*.eml")
    assert max(map(len, file.read_bytes().split(b"\r\n"))) < 998 and "كلمة طويلة. كلمة" in words(mail)
    assert made.other.person is not None
    assert mailboxes.read_address(mail["Reply-To"], clock.now()) == mailboxes.Reply(made.other.person, said.id, False)
    assert words(mail).startswith("##- ")


async def test_a_digest_is_one_mail_of_what_is_new(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    root = await say(database, made, title="The first")
    await follow(database, made.other, "topic", "daily")
    await follow(database, made.other, "consultation", "weekly")
    await prefer(database, made.other, hour=0)
    await prefer(database, made.participant, hour=0, replies="daily")
    await prefer(database, made.moderator, hour=0)
    await prefer(database, made.organiser, hour=0, waiting="never")
    await new_day(database)
    hidden = await say(database, made, title="Soon hidden")
    for title in ("The second", "The third"):
        await say(database, made, title=title, body="Long. " * 200)
    await say(database, made, topic="inclusion", title="It waits")
    await say(database, made, actor=made.moderator, parent=root.id, body="An answer.")
    await decide(database, made, "hide", hidden.id)
    await catch_up(database, BASE)
    [mail] = to(mail_folder, "participant-b")
    assert mail["Subject"].startswith("What is new: ") and mail["List-Id"] == "<digest.plenary.example.org>"
    assert all(each in words(mail) for each in ("The second", "The third", "An answer."))
    assert "Soon hidden" not in mail.as_string() and "The first:" not in words(mail) and "It waits" not in words(mail)
    [to_author] = [mail for mail in to(mail_folder, "participant-a") if "What is new" in mail["Subject"]]
    assert "An answer." in words(to_author) and "The second" not in words(to_author)
    [desk] = to(mail_folder, "moderator-c")
    assert "One text waits for a moderator." in words(desk) and "It waits" not in desk.as_string()
    assert to(mail_folder, "organiser-d") == []

    await catch_up(database, BASE)
    await new_day(database)
    await catch_up(database, BASE)
    assert len(to(mail_folder, "participant-b")) == 1, "nothing is told twice"
    await say(database, made, title="The fourth")
    await new_day(database)
    async with database.writing() as session:
        await session.execute(update(Delivery).where(Delivery.kind.in_(("digest", "weekly"))).values(
            key=func.concat("earlier-", Delivery.id)))  # fmt: skip
    await catch_up(database, BASE)
    [second] = to(mail_folder, "participant-b")  # a file of the same name, as it is the same day
    assert "The fourth" in words(second) and "The second" not in words(second)


async def test_what_is_published_while_a_digest_is_made_is_in_the_next_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make(database)
    await say(database, made)
    await follow(database, made.other, "topic", "daily")
    first, person = await say(database, made, title="In time"), made.other.person
    assert person is not None

    async def while_somebody_writes(session: Any, *asked: Any) -> Any:
        await say(database, made, title="A moment later")
        return await wanted_by(session, *asked)

    async with database.writing() as session:
        with monkeypatch.context() as patch:
            patch.setattr(digests, "wanted_by", while_somebody_writes)
            now = await digests.contents(session, person, digests.DAILY)
        await digests.mark_told(session, person, now.told)
        then = await digests.contents(session, person, digests.DAILY)
    assert [each.view.id for each in now.news] == [first.id]
    assert [each.view.title for each in then.news] == ["A moment later"]


async def _plan(database: Database) -> None:
    """Only what the consumer does: nothing is sent yet."""
    from app.worker import _advance, _behind

    for behind in await _behind(database):
        if behind.consumer == "followers":
            await _advance(database, behind)
