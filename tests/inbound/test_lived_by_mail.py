"""A whole consultation lived by mail, through a real mail server. Where a page is needed, the test opens it."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy import select, update

from app import clock
from app.accounts.models import Person
from app.config import Settings, settings
from app.contributions.models import Contribution, Revision
from app.database import Database
from app.inbound import lmtp
from app.inbound.processing import take_in
from app.moderation.actions import VERBS
from app.moderation.deciding import Grounds
from app.notifications import digests
from app.notifications.mailboxes import topic_address
from app.notifications.models import Digest
from app.notifications.preferences import preferences_of
from app.notifications.sending import send_due
from app.outreach.models import Invitee
from app.permissions import Actor
from app.synthesis import reporting
from app.worker import _advance, _behind
from tests.inbound import postfix
from tests.inbound.postfix import People
from tests.inbound.writing import BASE, DOMAIN, Post, said
from tests.making import BEFORE, SLUG, Made, make, say
from tests.notifications.test_followers_mail import follow, prefer
from tests.outreach.listing import invite
from tests.synthesis.outcome import make_rapporteur
from tests.synthesis.test_reporting import WORDS

pytestmark = [pytest.mark.anyio, pytest.mark.skipif(not postfix.CAN_RUN, reason=postfix.WHY_NOT)]
ANA, BO = "ana@sample.example", "bo@sample.example"
LIST = f"name;email\nSample Ana;{ANA}\nSample Bo;{BO}"
CHECKED = ("recommendations", "neither", "results", "coverage", "languages", "responses", "organisations", "dissent")
PATIENCE = 20.0  # seconds


class Life:
    """What happens, in order: each step waits for the mails that it makes."""

    def __init__(self, database: Database, people: People) -> None:
        self.database, self.people = database, people

    async def until(self, come: Callable[[], Awaitable[bool]]) -> None:
        """Let the worker work until it is so."""
        async with asyncio.timeout(PATIENCE):
            while True:
                await self.work()
                if await come():
                    return
                await asyncio.sleep(0.02)

    async def work(self) -> None:
        """What the worker does all the time; not what it does by the clock."""
        while await take_in(self.database):
            pass
        for behind in await _behind(self.database):
            await _advance(self.database, behind)
        await send_due(self.database, BASE)

    async def mail(self, to: str, subject: str) -> EmailMessage:
        """The next mail to somebody, which has this in its subject; it leaves the mailbox."""
        box = self.people.boxes.setdefault(to, [])

        async def has_come() -> bool:
            return any(subject in mail["Subject"] for mail in box)

        await self.until(has_come)
        found = next(mail for mail in box if subject in mail["Subject"])
        box.remove(found)
        return found

    async def texts(self) -> list[tuple[Contribution, Revision]]:
        return list(await Post(self.database).texts())

    async def person(self, email: str) -> Actor:
        async with self.database.writing() as session:
            id = await session.scalar(select(Person.id).where(Person.email == email))
        assert id is not None
        return Actor(person=id, complete=True)


@pytest.fixture
async def life(database: Database, post: Post, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Life]:
    async with lmtp.listening(database, Settings(lmtp_port=0)) as port:
        assert port is not None
        async with postfix.delivering(port) as people:
            monkeypatch.setenv("PLENARY_SMTP_URL", f"smtp://127.0.0.1:{people.server}")
            settings.cache_clear()
            yield Life(database, people)


async def test_from_the_invitation_to_the_report(life: Life, pages: AsyncClient) -> None:
    made = await make(life.database)
    await _invited(life, made)
    await _contributed(life, pages)
    text = await _changed_as_asked(life, made)
    await _conversed(life, made, text)
    await _told_once_a_week(life, made)
    await _withdrawn(life)
    await _told_of_the_report(life, made)


async def _invited(life: Life, made: Made) -> None:
    """Ana is invited, and so is Bo, who wants no more of it and says so by mail."""
    await invite(life.database, made, LIST)
    invitation = await life.mail(ANA, "")
    assert f"{BASE}/invitation/" in said(invitation)
    await _unsubscribe(life, BO, await life.mail(BO, ""))

    async def has_declined() -> bool:
        async with life.database.writing() as session:
            states = await session.scalars(select(Invitee.state).order_by(Invitee.id))
            return list(states) == ["sent", "declined"]

    await life.until(has_declined)


async def _contributed(life: Life, pages: AsyncClient) -> None:
    """A first text makes an account: its page asks for a name and consent, as nothing else can."""
    await life.people.write(ANA, str(topic_address(SLUG, BEFORE)), "We need lessons.", Subject="Lessons")
    question = await life.mail(ANA, "Re: Lessons")
    link = re.search(r"/mail/[^\s?]+", said(question))
    assert link is not None
    given = {"answer": "yes", "name": "Sample Ana", "byline": "full", "consent": "yes"}
    assert (await pages.post(link[0], data=given)).status_code == 303


async def _changed_as_asked(life: Life, made: Made) -> Contribution:
    """A moderator asks for a change; the answer to that mail is the change, and it is approved."""

    async def waits() -> bool:
        return [text.status for text, _revision in await life.texts()] == ["pending"]

    await life.until(waits)
    await _decide(life, made, "ask")
    asked = await life.mail(ANA, "Please change")
    assert all(each in said(asked) for each in ("> We need lessons.", "> Say how many.", "answer this mail"))
    await life.people.write(BO, asked["Reply-To"], "Bo was here.", Subject=f"Re: {asked['Subject']}")
    assert "could not tell" in said(await life.mail(ANA, "Re: Please change"))  # Bo hears nothing
    quoted = "\n".join(f"> {line}" for line in said(asked).splitlines())
    await life.people.write(ANA, asked["Reply-To"], f"Three lessons a week.\n\n{quoted}", Subject="Re: Please change")
    assert "waits for a moderator" in said(await life.mail(ANA, "Re: Please change"))
    await _decide(life, made, "approve")
    assert f"{BASE}/c/{SLUG}/1" in said(await life.mail(ANA, "changes are published"))
    [(text, revision)] = await life.texts()
    assert (text.status, text.channel, text.number, revision.body) == ("published", "email", 1, "Three lessons a week.")
    return text


async def _conversed(life: Life, made: Made, text: Contribution) -> None:
    """Somebody replies, and is answered by mail."""
    reply = await say(life.database, made, actor=made.moderator, parent=text.id, topic=BEFORE, body="Who teaches?")
    await _decide(life, made, "approve", reply.id)
    news = await life.mail(ANA, "Re: Lessons")
    assert "> Who teaches?" in said(news)
    await life.people.write(ANA, news["Reply-To"], f"We do.\n\n{said(news)}", Subject=news["Subject"])
    assert "waits for a moderator" in said(await life.mail(ANA, "Re: Lessons"))
    _first, (answer, revision) = await life.texts()
    assert (answer.parent_id, revision.body) == (reply.id, "We do.")
    await _decide(life, made, "approve")
    await life.mail(ANA, "is published")


async def _told_once_a_week(life: Life, made: Made) -> None:
    """One mail with what is new in what she follows, until her mail program stops it."""
    ana = await life.person(ANA)
    await follow(life.database, ana, "topic", "weekly")
    await prefer(life.database, ana, hour=0)
    await say(life.database, made, title="Evening classes")
    await _a_week_later(life)
    digest = await life.mail(ANA, "What is new")
    assert "Evening classes" in said(digest)
    await _unsubscribe(life, ANA, digest)

    async def is_stopped() -> bool:
        assert ana.person is not None
        async with life.database.writing() as session:
            return (await preferences_of(session, ana.person)).digest == "never"

    await life.until(is_stopped)
    await say(life.database, made, title="Morning classes")
    await _a_week_later(life)
    for _again in range(3):
        await life.work()
    assert life.people.boxes[ANA] == []


async def _withdrawn(life: Life) -> None:
    """A command that nothing vouches for is asked about; the one word YES is enough."""
    await life.people.write(ANA, f"commands@{DOMAIN}", "", Subject="WITHDRAW 3")
    asked = await life.mail(ANA, "Re: WITHDRAW 3")
    await life.people.write(ANA, asked["Reply-To"], "Yes", Subject="Re: WITHDRAW 3")
    assert "is withdrawn" in said(await life.mail(ANA, "Re: WITHDRAW 3"))
    assert [text.status for text, _revision in await life.texts()] == ["published", "withdrawn"]


async def _told_of_the_report(life: Life, made: Made) -> None:
    rapporteur = await make_rapporteur(life.database, made)
    async with life.database.writing() as session:
        draft = await reporting.save(session, rapporteur, made.id, WORDS, 0)
    async with life.database.writing() as session:
        await reporting.publish(session, rapporteur, made.id, draft.saved, dict.fromkeys(CHECKED, "It was so."))
    report = await life.mail(ANA, "The report of")
    assert f"{BASE}/c/{SLUG}/report" in said(report)


async def _decide(life: Life, made: Made, act: str, id: UUID | None = None) -> None:
    """Decide on what waits."""
    query = select(Revision.contribution_id, Revision.id).where(Revision.state == "waiting")
    query = query.where(Revision.contribution_id == id) if id else query
    async with life.database.writing() as session:
        contribution, revision = (await session.execute(query)).one()
        grounds = Grounds(reason="Say how many." if act == "ask" else None, rule=None)
        await VERBS[act](session, made.moderator, contribution, revision, grounds)


async def _unsubscribe(life: Life, who: str, mail: EmailMessage) -> None:
    """As a mail program's button does it."""
    address = re.search(r"<mailto:([^?>]+)\?subject=unsubscribe>", mail["List-Unsubscribe"])
    assert address is not None
    await life.people.write(who, address[1], "", Subject="unsubscribe", Auto_Submitted="auto-generated")


async def _a_week_later(life: Life) -> None:
    """As if everybody's digest had been thought of a week ago."""
    async with life.database.writing() as session:
        await digests.plan_due(session)
        week = (clock.now() - timedelta(days=8)).date()
        await session.execute(update(Digest).values(day=week, week=week))
        await digests.plan_due(session)
