"""A document with an answer, without a script: by an institution's link, by an organiser; read, saved, withdrawn."""

import re
from typing import Any

import pytest
from httpx import AsyncClient

from app.accounts.private_consultations import make_private
from app.database import Database
from app.synthesis import reporting, sending
from app.synthesis.answering import link_path
from app.synthesis.report_wording import ReportWords
from tests.files import samples
from tests.making import SLUG, Made, say
from tests.synthesis.bringing import listed
from tests.synthesis.outcome import make_rapporteur, published
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
RECOMMENDATION = f"{C}/recommendations/1"
GIVEN = {"number": "1", "answer": "partly", "words": "We <do> so.", "received": "2016-10-01", "language": "en",
         "document": "https://example.org/minutes.pdf"}  # fmt: skip
LETTER = ("Our <letter>.docx", samples.docx())
NO_FILE = ("run.exe", b"MZ nothing that can be kept")


async def test_from_the_link_to_the_withdrawal(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    rapporteur = await make_rapporteur(database, made)
    await published(database, rapporteur, made, await say(database, made))
    city = await listed(database, made)
    async with database.writing() as session:
        link = link_path((await sending.ask(session, made.organiser, made.id, city, [1])).id)
    form = await stranger.get(link)
    assert 'enctype="multipart/form-data"' in form.text and 'id="f-files1"' in form.text
    refused = await stranger.post(link, data=GIVEN | {"bare": "1"}, files=[("files", NO_FILE)])
    assert refused.status_code == 422 and "We &lt;do&gt; so." in refused.text and 'id="e-files"' in refused.text
    assert "this is none of the files that can be attached" in refused.text and 'value="1" checked' in refused.text
    assert "Please choose the file again" in refused.text
    two = await stranger.post(link, data=GIVEN, files=[("files", LETTER), ("files", LETTER)])
    assert two.status_code == 422 and "One file goes with an answer" in two.text
    done = await stranger.post(link, data=GIVEN, files=[("files", LETTER)])
    assert done.status_code == 303 and "done=answered" in done.headers["location"]

    [response] = (await _read(stranger))["responses"]
    file = response["file"]
    assert response["document"] == GIVEN["document"] and file["name"] == "Our -letter-.docx"
    path = re.sub("^https?://[^/]+", "", file["url"])
    for page in (RECOMMENDATION, f"{C}/recommendations/answers"):
        assert f'href="{path}" download><bdi>Our -letter-.docx</bdi>' in (await stranger.get(page)).text
    by_link = f"{link}/files/{file['id']}"
    assert f'href="{by_link}" download>' in (await stranger.get(link)).text
    assert path in (await stranger.get(f"{C}/recommendations/feed.json")).text
    saved = await stranger.get(path)
    assert saved.content == LETTER[1] and saved.headers["content-security-policy"].startswith("sandbox;")
    assert saved.headers["content-disposition"].startswith("attachment;")
    assert (await stranger.get(path, headers={"If-None-Match": saved.headers["etag"]})).status_code == 304
    again = await stranger.get(by_link)
    assert again.content == LETTER[1] and again.headers["cache-control"] == "private, no-store"
    assert (await stranger.get(f"{link}/files/{city}")).status_code == 404
    assert (await stranger.get(f"{link[:-3]}000/files/{file['id']}")).status_code == 404
    await _report(database, made)
    assert path in (await stranger.get(f"{C}/report.md")).text

    organiser, place = await browse(made.organiser), f"{RECOMMENDATION}/files/{file['id']}"
    assert f'href="{place}"' in (await organiser.get(RECOMMENDATION)).text
    assert f'href="{place}"' not in (await stranger.get(RECOMMENDATION)).text
    for actor in (made.moderator, made.participant):
        assert (await (await browse(actor)).post(place, data={"reason": "No."})).status_code == 403
    assert (await organiser.get(f"{RECOMMENDATION}/files/{city}")).status_code == 404
    why = await organiser.post(place, data={"reason": " "})
    assert why.status_code == 422 and "Please say why" in why.text
    assert (await organiser.post(place, data={"reason": "It named <somebody>."})).status_code == 303
    assert (await stranger.get(path)).status_code == 410 == (await stranger.get(by_link)).status_code
    shown = (await stranger.get(RECOMMENDATION)).text
    assert "It named &lt;somebody&gt;." in shown and path not in shown and "Our -letter-" not in shown
    [response] = (await _read(stranger))["responses"]
    assert response["file"]["withdrawn"]["reason"] == "It named <somebody>."
    assert response["file"]["hash"] == file["hash"] and response["file"]["name"] == "attachment.docx"
    assert "was withdrawn" in (await stranger.get(f"{C}/record")).text


async def test_an_organiser_enters_one_and_it_is_as_private_as_the_answer(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await published(database, await make_rapporteur(database, made), made, await say(database, made))
    organiser, place = await browse(made.organiser), f"{RECOMMENDATION}/respond"
    refused = await organiser.post(place, data=GIVEN, files=[("files", NO_FILE)])
    assert refused.status_code == 422 and "We &lt;do&gt; so." in refused.text and 'id="e-files"' in refused.text
    sent = await organiser.post(place, data=GIVEN | {"bare": "1", "document": ""}, files=[("files", LETTER)])
    assert sent.status_code == 303
    [response] = (await _read(stranger))["responses"]
    path = re.sub("^https?://[^/]+", "", response["file"]["url"])
    assert samples.SECRET.encode() not in (await stranger.get(path)).content
    [held] = (await organiser.get("/me/data/download")).json()["answers_entered"]
    assert held["file"] == response["file"]["id"]
    async with database.writing() as session:
        await make_private(session, made.id, "invited", None)
    assert (await stranger.get(path)).status_code == 404
    assert (await organiser.get(path)).headers["cache-control"] == "private, no-store"
    city = await listed(database, made)
    async with database.writing() as session:
        link = link_path((await sending.ask(session, made.organiser, made.id, city, [1])).id)
    by_link = await stranger.get(f"{link}/files/{response['file']['id']}")  # who holds it may read what it asks about
    assert by_link.status_code == 200 and by_link.headers["cache-control"] == "private, no-store"


async def _read(stranger: AsyncClient) -> Any:
    return (await stranger.get(f"/api/v1/consultations/{SLUG}/recommendations/1")).json()


async def _report(database: Database, made: Made) -> None:
    words = ReportWords(title="Sample report", language="en", summary="Said.", method="So.", results={})
    async with database.writing() as session:
        draft = await reporting.save(session, made.organiser, made.id, words, 0)
        why = dict.fromkeys(("results", "recommendations", "citations", "neither"), "A sample reason.")
        await reporting.publish(session, made.organiser, made.id, draft.saved, why)
