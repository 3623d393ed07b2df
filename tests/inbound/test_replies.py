"""Replies: under the right parent, as on the web, by the right person; else nothing happens, and why is said."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.accounts.byline import keep_byline
from app.contributions.models import Revision
from app.contributions.screening_models import Screening
from app.database import Database
from app.moderation.actions import VERBS
from app.moderation.deciding import Grounds, Options
from app.notifications import mailboxes, stopping
from app.notifications.bouncing import switched_off
from app.notifications.models import Delivery
from app.notifications.preferences import preferences_of
from app.notifications.stopping import Stop
from tests.inbound.writing import DOMAIN, FAILED, PASSED, Post, reply_to, said
from tests.making import BEFORE, Made, curate, make, say

pytestmark = pytest.mark.anyio


async def ready(database: Database, byline: str = "full") -> Made:
    made = await make(database)
    async with database.writing() as session:
        assert made.other.person is not None
        await keep_byline(session, made.other.person, byline)
    return made


async def test_a_reply_is_posted_once_under_its_parent(database: Database, post: Post) -> None:
    made = await ready(database)
    parent = await say(database, made)
    to = reply_to(made.other, parent.id)
    mail = await post(to, "I agree with this.\r\n", Message_ID="<one@example.org>", Authentication_Results=PASSED)
    again = await post(to, "I agree with this.\r\n", Message_ID="<one@example.org>")  # by another server
    assert (mail.state, mail.reason, again.id) == ("done", "published", mail.id)
    [(reply, revision)] = await post.texts()
    assert (reply.parent_id, reply.status, reply.channel, reply.id) == (parent.id, "published", "email", mail.id)
    assert (revision.body, revision.byline, revision.author_name) == ("I agree with this.", "full", "Participant B")
    [answer] = await post.answers()
    assert (answer["To"], answer["Auto-Submitted"]) == ("participant-b@example.org", "auto-replied")
    assert answer["In-Reply-To"] == "<one@example.org>"
    assert f"/c/{made.slug}/{reply.number}" in said(answer)


async def test_what_may_be_quoted_waits_whole_for_a_moderator(database: Database, post: Post) -> None:
    made = await ready(database)
    parent = await say(database, made)
    text = "> One thing.\n\nYes to that.\n\n> Another thing.\n\nNo to that."
    mail = await post(reply_to(made.other, parent.id), text)
    assert (mail.reason, mail.unsure) == ("waits", True)
    [(reply, revision)] = await post.texts()
    assert (reply.status, revision.body) == ("pending", text)
    async with database.writing() as session:
        signs = list(await session.scalars(select(Screening.sign).where(Screening.contribution_id == reply.id)))
    assert signs == ["untrimmed"]


async def test_who_cannot_be_believed_is_asked_at_the_address_of_the_account(database: Database, post: Post) -> None:
    made = await ready(database)
    parent = await say(database, made)
    to = reply_to(made.other, parent.id)
    forged = await post(to, "Not mine.", Authentication_Results=FAILED)
    elsewhere = await post(to, "From my other address.", sender="other@example.net")
    for mail in (forged, elsewhere):
        assert (mail.state, mail.asks, mail.sender) == ("asked", ["identity"], "participant-b@example.org")
    others = f"{'x' * 8}; dmarc=pass header.from=example.org"
    assert (await post(to, "Others' word.", Authentication_Results=others)).state == "done"
    assert [revision.body for _text, revision in await post.texts()] == ["Others' word."]
    answers = await post.answers()
    assert {answer["To"] for answer in answers} == {"participant-b@example.org"}
    assert "/mail/" in said(answers[0])


async def test_what_the_web_refuses_is_refused_in_words_and_given_back(database: Database, post: Post) -> None:
    made = await ready(database)
    parent = await say(database, made)
    await curate(database, made, "lock", parent.id)
    mail = await post(reply_to(made.other, parent.id), "My whole text.")
    assert (mail.state, mail.reason) == ("refused", "closed")
    async with database.writing() as session:
        grounds = Grounds(reason="Because of a rule.", rule="1")
        await VERBS["suspend"](
            session, made.moderator, parent.id, None, grounds, Options(until=clock.now() + timedelta(days=7))
        )
    suspended = await post(
        reply_to(made.participant, parent.id), "Mine.", sender="participant-a@example.org", Subject="Re: x"
    )
    assert suspended.reason == "forbidden"
    over = mailboxes.reply_address(made.other.person, parent.id, clock.now() - timedelta(days=91))  # type: ignore[arg-type]
    assert (await post(over, "Late.")).reason == "over"
    answers = await post.answers()
    assert "A moderator has locked this thread" in said(answers[0])
    assert "> My whole text." in said(answers[0])
    assert await post.texts() == []


async def test_a_byline_that_was_never_chosen_is_asked_for(database: Database, post: Post) -> None:
    made = await make(database)
    parent = await say(database, made)
    to = reply_to(made.other, parent.id)
    asked = await post(to, "How is this signed?")
    assert (asked.state, asked.asks) == ("asked", ["byline"])
    chosen = await post(to, "Firma: anónima\n\nEste es mi texto.")
    assert chosen.state == "done"
    [(_reply, revision)] = await post.texts()
    assert (revision.byline, revision.body, revision.author_name) == ("anonymous", "Este es mi texto.", None)
    assert (await post(to, "And this, signed as last time.")).state == "done"
    assert {revision.byline for _reply, revision in await post.texts()} == {"anonymous"}


async def test_a_text_that_says_who_wrote_it_is_shown_before_it_appears(database: Database, post: Post) -> None:
    made = await ready(database, "anonymous")
    parent = await say(database, made)
    text = "We did this in our town.\n\nParticipant B, tel. +49 30 1234567, b@example.org"
    mail = await post(reply_to(made.other, parent.id), text)
    assert (mail.state, mail.asks) == ("asked", ["look"])
    assert set(mail.told) >= {"Participant B", "b@example.org", "+49 30 1234567"}
    [answer] = await post.answers()
    assert (await post(answer["Reply-To"], "Perhaps.\n")).reason == "not_confirmed"
    assert (await post(answer["Reply-To"], "Yes", sender="other@example.net")).reason == "not_confirmed"
    confirming = await post(answer["Reply-To"], "Yes\n", Authentication_Results=PASSED)
    assert confirming.reason == "confirmed"
    again = await post.again(mail.id)
    assert (again.state, again.reason) == ("done", "published")
    [(_reply, revision)] = await post.texts()
    assert (revision.body, revision.byline) == (text, "anonymous")
    assert "is public now" in said((await post.answers())[-1])


async def test_edit_and_withdraw_by_mail(database: Database, post: Post) -> None:
    made = await ready(database)
    mine = await say(database, made, actor=made.other)
    theirs = await say(database, made)
    commands = mailboxes.commands_address()
    edited = await post(commands, "A better text.", Subject=f"EDIT {mine.number}", Authentication_Results=PASSED)
    assert edited.reason == "edited"
    not_mine = await post(commands, "x", Subject=f"WITHDRAW {theirs.number}", Authentication_Results=PASSED)
    assert not_mine.reason == "not_yours"
    unproven = await post(commands, "x", Subject=f"Retirar {made.slug}/{mine.number}")
    assert (unproven.state, unproven.asks) == ("asked", ["identity", "withdrawal"])
    withdrawn = await post(commands, "", Subject=f"Re: withdraw #{mine.number}", Authentication_Results=PASSED)
    assert withdrawn.reason == "withdrawn"
    async with database.writing() as session:
        await session.refresh(session_object := await session.get_one(type(mine), mine.id))
        assert (session_object.status, session_object.latest) == ("withdrawn", 2)
    assert (await post(commands, "Hello?", Subject="Hello")).reason == "no_command"


@pytest.mark.parametrize(
    ("headers", "returns", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, None, "auto-submitted"),
        ({"List_Id": "<list.example.org>"}, None, "mailing_list"),
        ({}, "", "null_sender"),
        ({"Precedence": "bulk"}, None, "bulk"),
        ({"Precedence": "list"}, None, "bulk"),
    ],
)
async def test_what_no_person_sent_is_dropped_without_an_answer(
    database: Database, post: Post, headers: dict[str, str], returns: str | None, why: str
) -> None:
    made = await ready(database)
    parent = await say(database, made, topic=BEFORE)
    mail = await post(f"anything@{DOMAIN}", "x")
    assert mail.reason == "no_such_address"
    mail = await post(reply_to(made.other, parent.id), "I am away.", returns=returns, **headers)
    assert (mail.state, mail.reason) == ("dropped", why)
    assert await post.answers() == []
    assert await post.texts() == []


async def test_what_comes_back_is_noted_and_never_answered(database: Database, post: Post) -> None:
    made = await ready(database)
    assert made.other.person is not None
    delivery = clock.new_id()
    async with database.writing() as session:
        session.add(
            Delivery(id=delivery, key="sample", kind="decision", subject=made.id, person_id=made.other.person, due=None)
        )
    to = mailboxes.bounce_address(delivery)
    assert to is not None
    report = (
        b"From: MAILER-DAEMON@mx.example.org\r\nSubject: Undelivered\r\nMessage-ID: <%s@mx>\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        b"Final-Recipient: rfc822; x@example.org\r\nAction: failed\r\nStatus: %s\r\n\r\n--b--\r\n"
    )
    ours = await post.raw(to, report % (b"zero", b"5.1.8"), "")
    assert (ours.reason, ours.raw) == ("no_bounce", None), "what they think of our server says nothing of an address"
    late = await post.raw(to, report % (b"one", b"4.4.7"), "")
    gone = await post.raw(to, report % (b"two", b"5.1.1"), "")
    assert (late.reason, gone.state, gone.reason) == ("no_bounce", "done", "bounce")
    assert gone.raw is None, "it repeats what was mailed"
    async with database.writing() as session:
        assert await switched_off(session, made.other.person) is not None
    assert await post.answers() == []


async def test_what_stops_mail_is_sealed_obeyed_and_never_answered(database: Database, post: Post) -> None:
    made = await ready(database)
    assert made.other.person is not None
    address = mailboxes.stop_address(stopping.packed(Stop(made.other.person, "replies")))
    assert address is not None
    changed = address[:9] + ("a" if address[9] != "a" else "b") + address[10:]
    assert mailboxes.read_address(changed, clock.now()) is None
    assert (await post(address, "", returns="")).reason == "null_sender"
    async with database.writing() as session:
        assert (await preferences_of(session, made.other.person)).replies == "at_once"
    for _again in range(2):
        mail = await post(address, "", sender="any@example.net", Subject="unsubscribe", Precedence="bulk")
        assert (mail.state, mail.reason) == ("done", "stopped")
    assert (await post(mailboxes.declining_address(made.id), "")).reason == "gone"
    async with database.writing() as session:
        assert (await preferences_of(session, made.other.person)).replies == "never"
    assert await post.answers() == []


async def test_a_text_is_rewritten_by_its_author_alone_and_for_a_while(database: Database, post: Post) -> None:
    made = await ready(database)
    mine = await say(database, made, actor=made.other, topic=BEFORE)
    assert made.other.person is not None and made.participant.person is not None
    now = clock.now()
    not_mine = mailboxes.rewriting_address(made.participant.person, mine.id, now)
    late = mailboxes.rewriting_address(made.other.person, mine.id, now - timedelta(days=91))
    address = mailboxes.rewriting_address(made.other.person, mine.id, now)
    assert (await post(not_mine, "x", sender="participant-a@example.org")).reason == "no_place"
    assert (await post(late, "x")).reason == "over"
    assert (await post(address, "x", Authentication_Results=FAILED)).asks == ["identity"]
    assert (await post(address, "A better text.")).reason == "waits"
    async with database.writing() as session:
        bodies = await session.scalars(select(Revision.body).order_by(Revision.number))
        assert list(bodies) == ["Text.", "A better text."]
