"""The outcome on its way: sent with the PDF, answered by a link without an account, shown to everyone; contributors
told."""

import asyncio
import io
import re
from email.message import EmailMessage

import pytest
from httpx import AsyncClient
from pypdf import PdfReader
from sqlalchemy import select

from app.accounts.people import address_of
from app.database import Database
from app.notifications.models import Delivery
from app.notifications.preferences import Preferences, choose
from app.notifications.to_many import BEHIND
from app.synthesis import setting_aside
from app.worker import catch_up
from tests.making import SLUG, Made, decide, make_person, say
from tests.meetings.reporting import transcribe
from tests.notifications.conftest import MailFolder, mail_folder
from tests.synthesis.bringing import CITY, listed, send, summarised
from tests.synthesis.outcome import entries, make_rapporteur, published
from tests.web.conftest import ORIGIN, Browse
from tests.web.pages import heading

pytestmark = pytest.mark.anyio
__all__ = ["mail_folder"]
C = f"/c/{SLUG}"
LIST, ANSWERS = f"{C}/organise/addressees", f"{C}/recommendations/answers"
ENTRY = {"institution": CITY.institution, "kind": "city", "email": CITY.email, "name": CITY.name, "language": "en"}
ANSWER = {"number": "1", "answer": "partly", "words": "We <do> so.", "received": "2016-10-01", "language": "en",
          "document": "https://example.org/minutes.pdf"}  # fmt: skip


async def test_sent_and_answered(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made, mail_folder: MailFolder
) -> None:
    rapporteur = await make_rapporteur(database, made)
    await published(database, rapporteur, made, await say(database, made))
    await summarised(database, rapporteur, made, recommendations=[1])
    assert "waits 0 days" in (await stranger.get(ANSWERS)).text
    organiser = await browse(made.organiser)
    for path in (LIST, f"{LIST}/send"):
        assert (await stranger.get(path)).status_code == 303
        assert (await (await browse(rapporteur)).get(path)).status_code == 403
    refused = await organiser.post(LIST, data=ENTRY | {"email": "nobody"})
    assert refused.status_code == 422 and "Sample Mayor" in refused.text
    assert (await organiser.post(LIST, data=ENTRY)).headers["location"] == f"{LIST}?done=added"
    id = re.findall(rf'href="{LIST}/([0-9a-f-]{{36}})"', (await organiser.get(LIST)).text)[0]
    form = await organiser.get(f"{LIST}/send")
    assert f'name="numbers.{id}" value="1"' in form.text  # the recommendation names it
    given = {"what": "summary.1", "to": id, f"numbers.{id}": "1"}
    for wrong, status in (({"to": ""}, 400), ({"what": "summary.9"}, 422), ({f"numbers.{id}": "all"}, 422)):
        assert (await organiser.post(f"{LIST}/send", data=given | wrong)).status_code == status
    assert (await organiser.post(f"{LIST}/send", data=given)).headers["location"] == f"{LIST}?done=sent"
    assert "Summary, version 1</a>" in (await organiser.get(LIST)).text
    await _sent(database)
    [mail] = _to_the_mayor(mail_folder)  # who is cited gets one, too
    assert "The summary of" in mail["Subject"]
    [file] = mail.iter_attachments()
    assert file.get_filename() == f"{SLUG}-summary-1.pdf"
    assert "count hours" in PdfReader(io.BytesIO(file.get_content())).pages[0].extract_text()
    body = mail.get_body(("plain",))
    assert body is not None
    link = re.findall(r"http://[^/]+(/answer/\S+)", body.get_content())[0]
    assert "the mail went out" in (await organiser.get(LIST)).text

    page = await stranger.get(link)
    assert page.headers["cache-control"] == "private, no-store" and "noindex" in page.headers["x-robots-tag"]
    assert heading(page) == "Your answer" and "Count the hours" in page.text and "mayor@" not in page.text.lower()
    place = link.partition("?")[0]
    bad = await stranger.post(place, data=ANSWER | {"answer": "", "document": "nowhere"})
    assert bad.status_code == 422 and "We &lt;do&gt; so." in bad.text and 'id="e-document"' in bad.text
    done = await stranger.post(place, data=ANSWER)
    assert done.status_code == 303 and "done=answered" in done.headers["location"]
    later = ANSWER | {"words": "The budget is adopted.", "received": "2017-05-02", "answer": "accepted", "document": ""}
    assert (await stranger.post(place, data=later)).status_code == 303
    assert (await stranger.post(place, data=ANSWER | {"number": "7"})).status_code == 404
    assert (await stranger.post(place, data=ANSWER | {"number": "x"})).status_code == 400
    assert (await stranger.get(f"{place[:-3]}000")).status_code == 404
    for path in (f"{C}/recommendations/1", ANSWERS):
        seen = (await stranger.get(path)).text
        assert "We &lt;do&gt; so." in seen and "The budget is adopted." in seen
        assert "answered by the institution:" in seen and 'href="https://example.org/minutes.pdf"' in seen
    shown = (await stranger.get(ANSWERS)).text
    assert CITY.institution in shown and "Summary, version 1" in shown and "mayor@" not in shown.lower()
    assert CITY.institution in (await stranger.get(f"{C}/summary")).text
    feed = (await stranger.get(f"{C}/recommendations/feed.json")).json()
    assert [each["title"] for each in feed["items"]][:2] == ["Answer to recommendation 1"] * 2
    assert f'href="{ANSWERS}#sent"' in (await stranger.get(f"{C}/record")).text
    api = await stranger.get(f"/api/v1/consultations/{SLUG}/sendings")
    assert [each["institution"]["name"] for each in api.json()["items"]] == [CITY.institution]
    held = (await organiser.get("/me/data/download")).json()
    assert held["addressed"] == held["answers_entered"] == [] and len(held["outcome_sent"]) == 1
    assert [each["institution"] for each in held["addressees_added"]] == [CITY.institution]
    assert [each["recommendations"] for each in held["answer_links"]] == [[1]] and "sample.example" not in str(held)

    asked = await organiser.post(f"{LIST}/{id}", data={"do": "ask", "numbers": "1"})
    assert asked.headers["location"] == f"{LIST}/{id}?done=ask"
    await _sent(database)
    assert len(_to_the_mayor(mail_folder)) == 2
    assert (await organiser.post(f"{LIST}/{id}", data={"do": "ask", "numbers": "4"})).status_code == 422
    assert (await organiser.post(f"{LIST}/{id}", data={"do": "dance"})).status_code == 400
    assert (await organiser.post(f"{LIST}/{id}", data={"do": "revoke"})).status_code == 303
    assert (await stranger.get(place)).status_code == 410 == (await stranger.post(place, data=ANSWER)).status_code
    assert (await organiser.post(f"{LIST}/{id}", data={"do": "change"} | ENTRY | {"name": ""})).status_code == 303
    assert (await organiser.post(f"{LIST}/{id}", data={"do": "remove"})).status_code == 303
    assert (await organiser.get(f"{LIST}/{id}")).status_code == 404
    await _sent(database)
    assert _to_the_mayor(mail_folder) == []  # with the address, its mails are gone
    assert CITY.institution in (await stranger.get(ANSWERS)).text


async def test_everybody_is_told_once(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made, mail_folder: MailFolder
) -> None:
    rapporteur, tell = await make_rapporteur(database, made), f"{C}/synthesis/tell"
    cited = await say(database, made, title="Hours", byline="anonymous")
    unused, gone = await say(database, made, title="Unused"), await say(database, made, title="Gone")
    await say(database, made, actor=made.other, title="Another’s")
    await transcribe(database, made, actor=made.moderator)
    await published(database, rapporteur, made, cited)
    async with database.writing() as session:
        await setting_aside.mark(session, rapporteur, made.id, [unused.id], "general")
    await decide(database, made, "hide", gone.id)
    writer = await browse(rapporteur)
    for who in (made.moderator, made.participant):
        assert (await (await browse(who)).post(tell)).status_code == 403
    assert (await stranger.get(tell)).status_code == 303
    early = await writer.post(tell, data={})
    assert early.status_code == 409 and "before a report or a summary is published" in early.text
    unwilling = await make_person(database, "Unwilling U")
    await say(database, made, actor=unwilling, title="Public")
    async with database.writing() as session:
        await choose(session, unwilling, Preferences(outcome="never"))
    await summarised(database, rapporteur, made)
    assert (await writer.post(tell, data={})).headers["location"] == f"{tell}?done=told"
    assert (await writer.post(tell, data={})).status_code == 409
    [entry] = await entries(database, "contributors.told")
    assert entry == {"what": "summary", "version": 1, "person": str(rapporteur.person)}
    await _sent(database)
    mails = {mail["To"]: mail for mail in mail_folder.mails() if "What became of what you wrote" in mail["Subject"]}
    async with database.writing() as session:
        addresses = [await address_of(session, each) for each in (
            made.participant.person, made.other.person, made.moderator.person) if each]  # fmt: skip
    assert mails.keys() == set(addresses), "and nobody who wants no such mail"
    assert all("/stop/" in mail["List-Unsubscribe"] for mail in mails.values())
    async with database.writing() as session:
        ranks = set(await session.scalars(select(Delivery.rank).where(Delivery.kind == "told")))
    assert ranks == {BEHIND}, "a mail to many keeps nobody waiting for a code"
    body = mails[addresses[0]].get_body(("plain",))
    assert body is not None
    said = body.get_content()
    for words in ("1. Hours", "Cited in recommendation 1.", "2. Unused", "too general to act upon"):
        assert words in said, words
    assert "Gone" not in said and "Another’s" not in said and "wrote it down" not in said
    body = mails[addresses[2]].get_body(("plain",))
    assert body is not None and "Others said this, and you wrote it down for them." in body.get_content()
    await send(database, made, {await listed(database, made): []})
    assert "everybody was told of what was published last" in (await writer.get(tell)).text


def _to_the_mayor(folder: MailFolder) -> list[EmailMessage]:
    return [mail for mail in folder.mails() if mail["To"] == "mayor@sample.example"]


async def _sent(database: Database) -> None:
    """Wait for all mail: the application's own worker may be sending, too, and a PDF takes a moment."""
    async with asyncio.timeout(60):
        while True:
            await catch_up(database, ORIGIN)
            async with database.writing() as session:
                if await session.scalar(select(Delivery.id).where(Delivery.due.is_not(None)).limit(1)) is None:
                    return
