"""A moderator writes to an author whose name is withheld, on the page and through the API; the author may refuse."""

import pytest
from httpx import AsyncClient

from app.database import Database
from app.worker import catch_up
from tests.api.talk import key_for
from tests.making import AFTER, SLUG, Made, say
from tests.notifications.conftest import MailFolder, mail_folder
from tests.web.conftest import Browse
from tests.web.pages import hidden
from tests.web.test_content_languages import TITLE_FR

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
LETTER = {"subject": "More about this", "words": "Would you say more, <please>?"}
__all__ = ["mail_folder"]


async def test_a_letter_from_the_page_to_the_mailbox(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made, mail_folder: MailFolder
) -> None:
    await say(database, made, byline="anonymous")
    moderator, author, other = [await browse(each) for each in (made.moderator, made.participant, made.other)]
    for path in (f"{C}/1/invite", f"{C}/moderate/invite"):
        assert (await other.get(path)).status_code == 403
        assert (await stranger.get(path)).headers["location"].startswith("/sign-in")
        assert (await other.post(path, data=LETTER | {"to": AFTER, "do": "send"})).status_code == 403
    form = LETTER | {"id": hidden(await moderator.get(f"{C}/1/invite"), "id")}
    shown = await moderator.post(f"{C}/1/invite", data=form | {"do": "preview"})
    assert "not sent yet" in shown.text and "Would you say more, &lt;please&gt;?" in shown.text
    assert "Participant A" not in shown.text
    empty = await moderator.post(f"{C}/1/invite", data=form | {"subject": "", "do": "send"})
    assert empty.status_code == 422 and "Would you say more, &lt;please&gt;?" in empty.text
    for _ in range(2):
        assert (await moderator.post(f"{C}/1/invite", data=form | {"do": "send"})).status_code == 303
    listed = (await moderator.get(f"{C}/moderate/invite")).text
    assert listed.count("More about this") == 1 and "Participant A" not in listed
    await catch_up(database, "https://plenary.example.org")
    [mail] = mail_folder.mails()
    body = mail.get_body(("plain",))
    assert mail["To"] == "participant-a@example.org" and body is not None
    words = str(body.get_content())
    assert "Would you say more, <please>?" in words and "/c/mayoral-forum-2016/1" in words and "/me/letters" in words
    french = (await author.get("/me/letters?lang=fr")).text
    assert "More about this" in french and TITLE_FR in french and "Civil society and cities" not in french
    await author.post("/me/letters", data={"refuse": SLUG})
    again = form | {"id": hidden(await moderator.get(f"{C}/1/invite"), "id"), "do": "send"}
    assert (await moderator.post(f"{C}/1/invite", data=again)).status_code == 303
    await catch_up(database, "https://plenary.example.org")
    assert len(mail_folder.mails()) == 1


async def test_the_api_does_and_refuses_the_same(client: AsyncClient, database: Database, made: Made) -> None:
    said, url = await say(database, made), f"/api/v1/consultations/{SLUG}/invitations"
    letter = LETTER | {"contribution": str(said.id)}
    for actor, status in ((made.other, 403), (made.moderator, 201)):
        key = {"Authorization": f"Bearer {await key_for(database, actor)}"}
        answer = await client.post(url, json=letter, headers=key)
        assert answer.status_code == status, answer.text
        assert (await client.get(url, headers=key)).status_code == (200 if status == 201 else 403)
    assert (await client.post(url, json=letter)).status_code == 401
    assert str(made.participant.person) not in answer.text and "@" not in answer.text
    for wrong in ({"subject": ""}, {"words": "x" * 2_001}, {"topic": AFTER}, {"contribution": None}):
        assert (await client.post(url, json=letter | wrong, headers=key)).status_code == 422
