"""The proceedings: who gets them, what is in them, in which order, and that both files hold the same words."""

import io
import re
import zipfile
from html import unescape

import openpyxl
import pytest
from httpx import AsyncClient
from pypdf import PdfReader

from app.database import Database
from app.moderation.actions import VERBS
from app.moderation.deciding import Grounds
from tests.making import AFTER, BEFORE, SLUG, Made, make_person, say
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
PAGE = f"/c/{SLUG}/proceedings"
TEXT = """Words with **weight** and [a way](https://example.org/way).

- first
- second

> Said by others.

#sum <b>x</b>"""


async def talk(database: Database, made: Made) -> None:
    """1 answers a question, 2 replies, 3 waits, 4 was hidden, 5 is in Arabic."""
    first = await say(database, made, title="Housing *first*", body=TEXT, questions=[f"{AFTER}.a"])
    await say(database, made, parent=first.id, body="A reply to it.")
    await say(database, made, topic=BEFORE, title="Still unseen")
    hidden = await say(database, made, title="Soon hidden", body="Nobody reads this.")
    async with database.writing() as session:
        await VERBS["hide"](session, made.moderator, hidden.id, None, Grounds(reason="Because."))
    await say(database, made, title="السكن أولاً", body="نص قصير.", language="ar")


async def test_pdf_and_docx_hold_what_is_public_in_its_order(browse: Browse, database: Database, made: Made) -> None:
    await talk(database, made)
    rapporteur = await browse(await make_person(database, "Rapporteur E", consultation=made.id, role="rapporteur"))
    pdf = await rapporteur.get(f"{PAGE}.pdf?lang=fr")
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf"), pdf.text
    assert pdf.headers["cache-control"] == "private, no-store"
    read = PdfReader(io.BytesIO(pdf.content))
    printed = "\n".join(page.extract_text() for page in read.pages)
    assert read.metadata is not None and str(read.metadata.title).startswith("Actes")
    docx = await rapporteur.get(f"{PAGE}.docx?lang=fr")
    written = zipfile.ZipFile(io.BytesIO(docx.content)).read("word/document.xml").decode()
    for words in (printed, unescape(re.sub(r"<[^>]+>", "", written))):
        plain = " ".join(words.split())
        assert all(said in plain for said in ("Housing *first*", "A reply to it.", "#sum <b>x</b>"))
        assert "Still unseen" not in plain and "Nobody reads" not in plain
        assert plain.rindex("Housing") < plain.rindex("A reply to it.")
    assert "w:bidi" in written and "نص قصير" in written
    links = {
        annotation.get_object()["/A"].get("/URI")
        for page in read.pages
        for annotation in page.get("/Annots", ())
        if "/A" in annotation.get_object()
    }
    assert {"https://example.org/way", f"http://testserver/c/{SLUG}/1"} <= links


async def test_a_topic_and_a_question(browse: Browse, database: Database, made: Made) -> None:
    await talk(database, made)
    moderator = await browse(made.moderator)
    page = (await moderator.get(PAGE)).text
    assert f"{PAGE}.pdf?part={AFTER}.a" in page
    asked = zipfile.ZipFile(io.BytesIO((await moderator.get(f"{PAGE}.docx?part={AFTER}.a")).content))
    written = asked.read("word/document.xml").decode()
    assert "A reply to it." in written and "نص قصير" not in written
    assert (await moderator.get(f"{PAGE}.docx?part={AFTER}.zz")).status_code == 404
    assert (await moderator.get(f"{PAGE}.docx?part=none")).status_code == 404
    assert (await moderator.get(f"{PAGE}.exe")).status_code in (404, 422)


async def test_the_spreadsheet_has_a_cross_under_each_question_that_is_answered(
    browse: Browse, database: Database, made: Made
) -> None:
    await talk(database, made)
    await say(database, made, title="=1+1", body="@SUM(A1)")
    answer = await (await browse(made.moderator)).get(f"{PAGE}.xlsx?part={AFTER}")
    [sheet] = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in rows[1:]] == ["1", "2", "4", "5"]
    assert [row[3] for row in rows[1:]] == ["×", "", "", ""] and rows[0][3].startswith("a. ")
    assert rows[4][1] == "=1+1" and all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


async def test_who_has_no_role_gets_none(stranger: AsyncClient, browse: Browse, made: Made) -> None:
    for path in (PAGE, f"{PAGE}.pdf"):
        assert (await stranger.get(path)).status_code == 303
        assert (await (await browse(made.participant)).get(path)).status_code == 403
