"""Mail about dates, the outcome and what waits: to those it concerns, who want it, while it is so."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import delete, select, update

from app import clock
from app.accounts.models import Person
from app.consultations.models import Phase, Topic
from app.contributions import actions as contributions
from app.contributions.models import Revision
from app.database import Database
from app.notifications import telling
from app.notifications.preferences import Preferences, choose
from app.permissions import Actor
from app.synthesis import reporting
from app.worker import catch_up
from tests.consultations.test_phasing import act
from tests.making import BEFORE, Made, decide, make, say
from tests.meetings.reporting import transcribe
from tests.notifications.conftest import MailFolder
from tests.notifications.test_followers_mail import _plan
from tests.synthesis.outcome import make_rapporteur, published
from tests.synthesis.test_reporting import WORDS

pytestmark = pytest.mark.anyio
BASE = "https://plenary.example.org"


async def prefer(database: Database, actor: Actor, **chosen: object) -> None:
    async with database.writing() as session:
        await choose(session, actor, Preferences(**chosen))  # type: ignore[arg-type]


async def mailed(database: Database, folder: MailFolder) -> list[EmailMessage]:
    """What was mailed since, by recipient."""
    for file in folder.path.glob("*.eml"):
        file.unlink()
    await catch_up(database, BASE)
    return sorted(folder.mails(), key=lambda mail: mail["To"])


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def close_in(database: Database, made: Made, days: float) -> None:
    async with database.writing() as session:
        await session.execute(delete(Phase).where(Phase.consultation_id == made.id, Phase.starts > clock.now()))
        closes = clock.now() + timedelta(days=days)
        session.add(Phase(consultation_id=made.id, name="closed", starts=closes))


async def test_dates_are_told_to_who_takes_part(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    await close_in(database, made, 9)
    await say(database, made)
    await say(database, made, actor=made.other)
    await prefer(database, made.other, dates="never")
    assert await mailed(database, mail_folder) == []
    until = clock.now() + timedelta(days=12)
    await act(database, made, "extend", closes=until, reason="So many asked for it.", actor=made.organiser)
    [mail] = await mailed(database, mail_folder)
    assert mail["To"] == "participant-a@example.org" and mail["Subject"].startswith("Open for longer: ")
    assert "> So many asked for it." in text(mail) and f"{until.year}" in text(mail)
    await close_in(database, made, 2.6)
    async with database.writing() as session:
        await telling.tell_of_closing(session)
    await prefer(database, made.participant, dates="never")
    assert await mailed(database, mail_folder) == [], "whoever says no before it is sent does not get it"
    await prefer(database, made.participant)
    await close_in(database, made, 2.5)
    [soon] = await mailed(database, mail_folder)
    assert soon["Subject"].startswith("Closing soon: ") and "No more mail like this" in text(soon)
    assert await mailed(database, mail_folder) == [], "it is said once"
    await act(database, made, "close", reason="Enough.", actor=made.organiser)
    assert await mailed(database, mail_folder) == []
    await act(database, made, "reopen", closes=until, reason="Not enough.", actor=made.organiser)
    [again] = await mailed(database, mail_folder)
    assert again["Subject"].startswith("Open for contributions: ") and "> Not enough." in text(again)


async def test_a_topic_that_closes_before_the_rest_is_told_of(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    await close_in(database, made, 9)
    await say(database, made)
    for days in (1.5, 3.5, 2.5):
        async with database.writing() as session:
            closes = clock.now() + timedelta(days=days)
            await session.execute(update(Topic).where(Topic.slug == BEFORE).values(closes=closes))
        mails = await mailed(database, mail_folder)
        assert len(mails) == (days == 2.5), "neither too late nor too early"
    assert mails[0]["Subject"].startswith("Closing soon: ")
    assert f"{BASE}/c/{made.slug}/topics/{BEFORE}" in text(mails[0])
    assert await mailed(database, mail_folder) == [], "it is said once"
    await close_in(database, made, 2.5)
    async with database.writing() as session:
        await session.execute(update(Topic).values(closes=clock.now() + timedelta(days=2.6)))
    [whole] = await mailed(database, mail_folder)
    assert "/topics/" not in text(whole), "what closes with the consultation is told once"


async def test_who_is_cited_hears_of_it_and_all_of_the_report(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    mine, gone = await say(database, made), await say(database, made, actor=made.other, title="Taken back")
    heard = await transcribe(database, made)
    await mailed(database, mail_folder)
    for title in ("Count the hours", "Count the days"):
        await published(database, rapporteur, made, mine, gone, heard, title=title)
    async with database.writing() as session:
        await contributions.withdraw(session, made.other, gone.id)
    [other, mail] = await mailed(database, mail_folder)
    assert other["To"] == "moderator-c@example.org" and "or wrote down for others:" in text(other)
    assert "wrote down" not in text(mail)
    assert (mail["To"], mail["Subject"]) == ("participant-a@example.org", "What you wrote is cited")
    assert all(each in text(mail) for each in ("> Count the hours", "> Count the days", "your contribution 1"))

    async with database.writing() as session:
        draft = await reporting.save(session, rapporteur, made.id, WORDS, 0)
        await session.execute(update(Person).where(Person.id == made.participant.person).values(language="fr"))
    async with database.writing() as session:
        await reporting.publish(session, rapporteur, made.id, draft.saved, dict.fromkeys(
            ("citations", "results", "coverage", "responses", "organisations", "dissent", "languages", "answered"),
            "It was so."))  # fmt: skip
    reports = await mailed(database, mail_folder)
    assert [mail["To"] for mail in reports] == ["moderator-c@example.org", "participant-a@example.org"]
    assert reports[1]["Content-Language"] == "fr" and f"{BASE}/c/{made.slug}/report" in text(reports[1])


async def test_moderators_hear_at_once_where_they_want_to(database: Database, mail_folder: MailFolder) -> None:
    made = await make(database)
    await prefer(database, made.moderator, waiting="at_once")
    first = await say(database, made, topic=BEFORE, title="Secret title", body="Secret body.")
    [mail] = await mailed(database, mail_folder)
    assert mail["To"] == "moderator-c@example.org" and "Secret" not in mail.as_string()
    assert "A new contribution waits for a moderator." in text(mail)
    assert f"{BASE}/c/{made.slug}/moderate/{first.id}" in text(mail)
    second = await say(database, made, topic=BEFORE)
    async with database.writing() as session:
        revision = await session.scalar(select(Revision.id).where(Revision.contribution_id == second.id))
    await decide(database, made, "reject", second.id, revision)
    await say(database, made, topic=BEFORE)
    await _plan(database)
    await prefer(database, made.moderator, waiting="never")
    assert [mail["Subject"] for mail in await mailed(database, mail_folder)] == [
        "Your contribution was not accepted"
    ], "what is decided meanwhile waits for nobody"
