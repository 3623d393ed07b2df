"""Mail to a topic: who has an account posts, who has none makes one by confirming; nobody learns what is private."""

import re
from email import policy
from email.message import EmailMessage

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from app import errors
from app.accounts.private_consultations import make_private
from app.accounts.sessions import start_session
from app.consultations.models import GuidingQuestion, Topic
from app.contributions.actions import lower_byline
from app.database import Database
from app.mailed.forgetting import held_about
from app.moderation import erasing
from app.notifications.mailboxes import topic_address
from app.permissions import OPERATOR
from app.readings.mailed import originals_of
from tests.files import samples
from tests.inbound.test_replies import ready
from tests.inbound.writing import PASSED, Post, said
from tests.making import AFTER, BEFORE, SLUG, make

pytestmark = pytest.mark.anyio
NEW = "someone.new@example.org"


def link_in(answer: EmailMessage) -> str:
    found = re.search(r"/mail/[^\s?]+", said(answer))
    assert found, said(answer)
    return found[0]


async def test_somebody_new_confirms_and_has_an_account(database: Database, post: Post, pages: AsyncClient) -> None:
    await make(database)
    to = topic_address(SLUG, AFTER)
    seen = await pages.get(f"/c/{SLUG}/topics/{AFTER}")
    assert str(to) in seen.text
    text = "Nous avons tenu une <b>permanence</b> dans notre quartier."
    mail = await post(to, text, sender=NEW, Subject="Une permanence", Content_Language="fr")
    assert (mail.state, mail.asks, mail.language) == ("asked", ["account", "byline"], "fr")
    assert await post.texts() == []
    [answer] = await post.answers()
    assert answer["To"] == NEW and "Une permanence" in said(answer) and "Reply-To" not in answer
    link = link_in(answer)
    page = await pages.get(link)
    assert page.status_code == 200 and "permanence" in page.text and "<b>permanence" not in page.text
    assert (await pages.get(link[:-1] + ("0" if link[-1] != "0" else "1"))).status_code == 404
    for missing in (
        {"name": "N", "byline": "full"},
        {"byline": "full", "consent": "yes"},
        {"name": "N", "consent": "yes"},
    ):
        assert (await pages.post(link, data={"answer": "yes", **missing})).status_code == 422
    given = {"answer": "yes", "name": "Sample Newcomer", "byline": "full", "consent": "yes"}
    assert (await pages.post(link, data=given)).status_code == 303
    assert (await pages.post(link, data=given)).status_code == 200  # a second press does nothing
    answers = await post.answers()
    [(made, revision)] = await post.texts()
    assert (made.kind, made.status, revision.language) == ("experience", "published", "fr")
    assert (revision.title, revision.body, revision.author_name) == ("Une permanence", text, "Sample Newcomer")
    assert len(answers) == 1  # the page shows what became of it
    assert f"/c/{SLUG}/{made.number}" in (await pages.get(link)).text


async def test_whose_address_was_used_can_say_no(database: Database, post: Post, pages: AsyncClient) -> None:
    await ready(database)
    to = topic_address(SLUG, BEFORE)
    mail = await post(to, "Who says that I wrote this?", Subject="Not mine")
    assert mail.asks == ["identity"]
    link = link_in((await post.answers())[0])
    assert (await pages.post(link, data={"answer": "no"})).status_code == 303
    assert (await pages.post(link, data={"answer": "yes"})).status_code == 200
    again = await post.again(mail.id)
    assert (again.state, again.raw, again.text) == ("given_up", None, None)
    proven = await post(to, "This is mine.", Subject="Mine", Authentication_Results=PASSED)
    assert (proven.state, proven.reason) == ("done", "waits")
    [(made, _revision)] = await post.texts()
    assert made.status == "pending"


async def test_answers_to_several_questions_become_texts_of_their_own(
    database: Database, post: Post, pages: AsyncClient
) -> None:
    await ready(database)
    questions = await questions_of(database, AFTER)
    quoted = "\n\n".join(f"> ({key}) {text}\n\nOur answer to {key}." for key, text in questions[:2])
    mail = await post(topic_address(SLUG, AFTER), quoted, Subject="Our answers", Authentication_Results=PASSED)
    assert (mail.state, mail.asks) == ("asked", ["answers"])
    link = link_in((await post.answers())[0])
    await pages.post(link, data={"answer": "yes"})
    await post.answers()
    texts = await post.texts()
    keys = [key for key, _text in questions[:2]]
    assert [revision.questions for _made, revision in texts] == [[f"{AFTER}.{key}"] for key in keys]
    assert {revision.body for _made, revision in texts} == {f"Our answer to {key}." for key in keys}


async def test_a_mail_is_on_the_desk_while_none_of_its_texts_withholds_who_wrote_it(
    database: Database, post: Post, pages: AsyncClient
) -> None:
    made = await ready(database)
    questions = await questions_of(database, AFTER)
    quoted = "\n\n".join(f"> ({key}) {text}\n\nOur answer to {key}." for key, text in questions[:2])
    await post(topic_address(SLUG, AFTER), quoted, Subject="Our answers", Authentication_Results=PASSED)
    await pages.post(link_in((await post.answers())[0]), data={"answer": "yes"})
    await post.answers()
    (first, _), (second, _) = await post.texts()
    async with database.writing() as session:
        [before] = await originals_of(session, made.moderator, made.id, first.id)
        await lower_byline(session, made.other, second.id, "anonymous")
        [after] = await originals_of(session, made.moderator, made.id, first.id)  # which still has its name
    assert before.text is not None and "Our answer to" in before.text
    assert (after.subject, after.text) == (None, None)


async def test_what_is_private_is_as_if_it_were_not_there(database: Database, post: Post) -> None:
    made = await ready(database)
    unknown = await post(topic_address(SLUG, "nothing-here"), "x", Subject="x")
    async with database.writing() as session:
        await make_private(session, made.id, "invited", None)
    private = await post(topic_address(SLUG, AFTER), "x", Subject="x", Authentication_Results=PASSED)
    stranger = await post(topic_address(SLUG, AFTER), "x", sender=NEW, Subject="x")
    assert {(mail.state, mail.reason, mail.message) for mail in (unknown, private, stranger)} == {
        ("refused", "no_place", unknown.message)
    }
    assert len({re.sub(r"\s+", " ", said(answer)) for answer in await post.answers()}) == 1


async def test_what_a_mail_said_goes_with_the_text_and_with_the_account(
    database: Database, post: Post, pages: AsyncClient
) -> None:
    made = await ready(database)
    sent = await post(topic_address(SLUG, BEFORE), "What stays?", Subject="A question", Authentication_Results=PASSED)
    kept = await post(topic_address(SLUG, BEFORE), "Another.", Subject="Another", Authentication_Results=PASSED)
    asked = await post(topic_address(SLUG, BEFORE), "Unproven.", Subject="Unproven")
    away = await post(topic_address(SLUG, BEFORE), "I am away.", Subject="Away", Auto_Submitted="auto-replied")
    [(text, _revision), *_others] = await post.texts()
    address = f"/c/{SLUG}/moderate/{text.id}"
    assert made.moderator.person is not None and made.other.person is not None
    async with database.writing() as session:
        _id, token = await start_session(session, made.moderator.person, "Firefox on Linux")
    desk = (await pages.get(address, headers={"Cookie": f"plenary_session={token}"})).text
    assert "It came by mail" in desk and "What stays?" in desk and "participant-b@example.org" not in desk
    async with database.writing() as session:
        with pytest.raises(errors.Forbidden):
            await originals_of(session, made.participant, made.id, text.id)
        await lower_byline(session, made.other, text.id, "anonymous")
        [original] = await originals_of(session, made.moderator, made.id, text.id)
        assert (original.subject, original.text) == (None, None)
        held = await held_about(session, made.other.person)
        assert {each["text"] for each in held} == {"What stays?", "Another.", "Unproven.", None}
        await erasing.erase(session, made.other, text.id)
    assert (await post.again(sent.id)).raw is None
    assert (await post.again(kept.id)).raw is not None
    async with database.writing() as session:
        await erasing.keep_all_anonymous(session, OPERATOR, made.other.person)
    for mail in (kept, asked):
        left = await post.again(mail.id)
        assert (left.raw, left.text, left.subject, left.sender, left.person_id) == (None,) * 5
    assert (await post.again(asked.id)).state == "given_up"
    assert (await post.again(away.id)).raw is None, "nor what was not dealt with"


async def questions_of(database: Database, topic: str) -> list[tuple[str, str]]:
    query = select(GuidingQuestion.key, GuidingQuestion.text).join(Topic, Topic.id == GuidingQuestion.topic_id)
    async with database.writing() as session:
        rows = await session.execute(query.where(Topic.slug == topic).order_by(GuidingQuestion.position))
        return [(row.key, row.text) for row in rows]


async def test_files_come_along_as_on_the_web(database: Database, post: Post) -> None:
    await ready(database)
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = "participant-b@example.org", str(topic_address(SLUG, AFTER)), "A map"
    mail["Message-ID"], mail["Authentication-Results"] = "<map@example.org>", PASSED
    mail.set_content("See the map.")
    mail.add_attachment(samples.png(), maintype="image", subtype="png", filename="map.png")
    sent = await post.raw(mail["To"], mail.as_bytes(), "participant-b@example.org")
    assert sent.reason == "published"
    [(_made, revision)] = await post.texts()
    assert [each["name"] for each in revision.attachments] == ["map.png"]
    mail.replace_header("Message-ID", "<program@example.org>")
    mail.add_attachment(b"MZ\x90", maintype="application", subtype="x-msdownload", filename="program.exe")
    refused = await post.raw(mail["To"], mail.as_bytes(), "participant-b@example.org")
    assert (refused.state, "program.exe" in (refused.message or "")) == ("refused", True)
    assert len(await post.texts()) == 1
