"""Reporting and appealing on pages, and what moderators do about it."""

import pytest
from httpx import AsyncClient

from app.database import Database
from app.worker import catch_up
from tests.making import SLUG, Made, decide, say
from tests.notifications.conftest import MailFolder, mail_folder
from tests.web.conftest import Browse
from tests.web.pages import hidden

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
__all__ = ["mail_folder"]


async def test_reporting_dismissing_and_the_mail(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made, mail_folder: MailFolder
) -> None:
    await say(database, made)
    assert f"{C}/1/flag" not in (await stranger.get(f"{C}/1")).text
    assert (await stranger.get(f"{C}/1/flag")).headers["location"].startswith("/sign-in")
    reader, moderator, author = [await browse(one) for one in (made.other, made.moderator, made.participant)]
    assert f"{C}/1/flag" in (await reader.get(f"{C}/1")).text
    assert f"{C}/1/flag" not in (await author.get(f"{C}/1")).text
    id = hidden(await reader.get(f"{C}/1/flag"), "contribution")
    assert (await reader.post(f"{C}/1/flag", data={"contribution": id})).status_code == 422
    sent = {"contribution": id, "rule": "1", "note": "My own note."}
    assert (await reader.post(f"{C}/1/flag", data=sent)).headers["location"] == f"{C}/1?done=flagged"
    again = await reader.post(f"{C}/1/flag", data=sent)
    assert again.status_code == 409 and "My own note." in again.text
    assert (await reader.get(f"{C}/moderate/flags")).status_code == 403
    page = await moderator.get(f"{C}/moderate/flags")
    assert "My own note." in page.text and "Participant B" not in page.text
    given = {"contribution": hidden(page, "contribution"), "revision": hidden(page, "revision")}
    assert (await moderator.post(f"{C}/moderate/flags", data=given)).status_code == 422
    await moderator.post(f"{C}/moderate/flags", data=given | {"reason": "It is in order."})
    assert "Nothing is reported." in (await moderator.get(f"{C}/moderate/flags")).text
    await catch_up(database, "https://plenary.example.org")
    [mail] = mail_folder.mails()
    body = mail.get_body(("plain",))
    assert mail["To"] == "participant-b@example.org" and body and "It is in order." in str(body.get_content())


async def test_appealing_and_the_mail(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made, mail_folder: MailFolder
) -> None:
    said = await say(database, made, body="Hidden words.")
    await decide(database, made, "hide", said.id)
    author, other, moderator, organiser = [
        await browse(one) for one in (made.participant, made.other, made.moderator, made.organiser)
    ]
    for path in (f"{C}/1", "/me"):
        assert f"{C}/1/appeal" in (await author.get(path)).text
    assert (await other.get(f"{C}/1/appeal")).status_code == 403
    given = {"decision": hidden(await author.get(f"{C}/1/appeal"), "decision"), "words": " "}
    assert (await author.post(f"{C}/1/appeal", data=given)).status_code == 422
    sent = await author.post(f"{C}/1/appeal", data=given | {"words": "It was no insult."})
    assert "It was no insult." in (await author.get(sent.headers["location"])).text
    assert (await author.post(f"{C}/1/appeal", data=given | {"words": "Again."})).status_code == 409
    assert "somebody else answers" in (await moderator.get(f"{C}/moderate/appeals")).text
    id = hidden(await organiser.get(f"{C}/moderate/appeals"), "appeal")
    answer = {"appeal": id, "outcome": "overturned", "reason": "It is none."}
    assert (await moderator.post(f"{C}/moderate/appeals", data=answer)).status_code == 403
    assert (await organiser.post(f"{C}/moderate/appeals", data=answer)).status_code == 303
    assert "Hidden words." in (await stranger.get(f"{C}/1")).text
    await catch_up(database, "https://plenary.example.org")
    subjects = sorted(mail["Subject"] for mail in mail_folder.mails())
    assert subjects == ["Your appeal was granted", "Your contribution was hidden"]
