"""The summary on pages and as files: two pages, and the same for whoever presents it."""

import io
import zipfile

import pytest
from httpx import AsyncClient
from pypdf import PdfReader

from app.database import Database
from tests.making import SLUG, Made, say
from tests.synthesis.outcome import make_rapporteur, published
from tests.web.conftest import Browse
from tests.web.pages import heading, hidden

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
DESK, SUMMARY = f"{C}/synthesis/summary", f"{C}/summary"
PARAGRAPH = "Sample words of cities and of those who come to them fill the pages of this sample. " * 8
FIELDS = {
    "title": "Two <pages>", "kind": "final", "language": "en", "recommendations": ["1"], "reason": "",
    "body": "\n\n".join(["As #1 says: **count** them.", *[PARAGRAPH] * 5]), "speech": "",
}  # fmt: skip


async def test_written_printed_and_read(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    rapporteur = await make_rapporteur(database, made)
    await published(database, rapporteur, made, await say(database, made))
    for path in (f"{SUMMARY}.pdf", f"{SUMMARY}/speaker.docx", f"{SUMMARY}?version=1"):
        assert (await stranger.get(path)).status_code == 404
    assert "No summary is published yet." in (await stranger.get(SUMMARY)).text
    for path in (DESK, f"{DESK}/preview"):
        assert (await stranger.get(path)).status_code == 303
        assert (await (await browse(made.moderator)).get(path)).status_code == 403

    writer = await browse(rapporteur)
    assert (await writer.get(f"{DESK}/preview")).status_code == 404
    assert (await writer.post(DESK, data=FIELDS | {"saved": "0", "recommendations": "x"})).status_code == 400
    refused = await writer.post(DESK, data=FIELDS | {"saved": "0", "recommendations": ["9"]})
    assert refused.status_code == 422 and "Sample words of cities" in refused.text
    long = FIELDS | {"saved": "0", "body": "\n\n".join([PARAGRAPH] * 14)}
    assert (await writer.post(DESK, data=long)).status_code == 303
    form = await writer.get(DESK)
    assert "It is longer than two pages." in form.text and hidden(form, "saved") == "1"
    await writer.post(DESK, data=FIELDS | {"saved": "1"})
    form = await writer.get(DESK)
    assert "It is longer than two pages." not in form.text and "Count the hours" in form.text
    preview = await writer.get(f"{DESK}/preview")
    assert "As #1 says" not in preview.text and f'href="{C}/1"' in preview.text
    done = await writer.post(f"{DESK}/publish", data={"saved": "2"})
    assert done.headers["location"] == f"{SUMMARY}?version=1&done=published"

    page = await stranger.get(SUMMARY)
    assert heading(page) == "Two <pages>" and page.headers["etag"] and "public" in page.headers["cache-control"]
    for words in (f'href="{C}/recommendations/1"', "The city of Quezon", "Final summary"):
        assert words in page.text, words
    speech = await stranger.get(f"{SUMMARY}/speaker")
    assert "Count the hours" in speech.text and speech.text.count("Sample words of cities") == 5
    for path in (C, f"{C}/recommendations"):
        assert f'href="{SUMMARY}"' in (await stranger.get(path)).text
    assert f'href="{SUMMARY}?version=1"' in (await stranger.get(f"{C}/record")).text
    pdf = await stranger.get(f"{SUMMARY}.pdf")
    read = PdfReader(io.BytesIO(pdf.content))
    assert pdf.headers["content-type"] == "application/pdf" and len(read.pages) <= 2
    assert "The city of Quezon" in "".join(each.extract_text() for each in read.pages)
    docx = await stranger.get(f"{SUMMARY}/speaker.docx?version=1")
    assert "summary-speaker-1.docx" in docx.headers["content-disposition"]
    assert b"Count the hours" in zipfile.ZipFile(io.BytesIO(docx.content)).read("word/document.xml")
    held = (await writer.get("/me/data/download")).json()
    assert [each["title"] for each in held["summaries"]] == ["Two <pages>"]
