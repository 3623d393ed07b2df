"""Codes and codings as files, looked at before they are taken in; and how far two coders agree, on pages."""

import sys
import zipfile
from io import BytesIO

import pytest
from httpx import AsyncClient, Response

from app.database import Database
from app.synthesis.qdpx import writing
from app.synthesis.qdpx.model import Code, Project
from tests.making import SLUG, Made
from tests.synthesis.exchanging import make_coded, other_consultation, say_all
from tests.web.conftest import Browse
from tests.web.pages import hidden

pytestmark = pytest.mark.anyio
HERE = f"/c/{SLUG}/synthesis/codes/exchange"
AGREEMENT = f"/c/{SLUG}/synthesis/codes/agreement"


async def send(browser: AsyncClient, content: bytes, name: str = "x.qdpx", where: str = HERE) -> Response:
    return await browser.post(where, files={"file": (name, content)})


async def test_a_file_goes_out_is_looked_at_and_comes_in(browse: Browse, database: Database, made: Made) -> None:
    coded = await make_coded(database, made)
    again, other = await other_consultation(database, made)
    await say_all(database, again)
    reader, far = await browse(coded.rapporteur), await browse(other)
    files = {}
    for form in ("project.qdpx", "codebook.qdc", "codes.csv", "codings.csv"):
        answer = await reader.get(f"{HERE}/{form}")
        assert answer.status_code == 200 and answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["content-disposition"] == f'attachment; filename="{SLUG}-{form}"'
        files[form] = answer.content
    assert len(zipfile.ZipFile(BytesIO(files["project.qdpx"])).namelist()) == 1 + 4
    assert b"Who pays,'=Money,red,," in files["codes.csv"] and b"Who pays > City" in files["codings.csv"]
    assert (await reader.get(f"{HERE}/else.zip")).status_code in (404, 422)

    there = HERE.replace(SLUG, "again")
    shown = await send(far, files["project.qdpx"], "my <file>.qdpx", there)
    look = await far.get(shown.headers["location"])
    for words in (
        "What this file would do",
        "3 are new",
        "5 are new",
        "my &lt;file&gt;.qdpx",
        "Organiser D",
        "revision 2",
    ):
        assert words in look.text
    assert (await reader.get(shown.headers["location"])).status_code == 403
    assert [each["name"] for each in (await far.get("/me/data/download")).json()["held_files"]] == ["my <file>.qdpx"]
    sent = {"file": hidden(look, "file")}
    done = await far.post(f"{there}/take-in", data=sent)
    assert done.headers["location"] == f"{there}?done=taken"
    assert "What was new in the file is taken in." in (await far.get(done.headers["location"])).text
    assert (await far.post(f"{there}/take-in", data=sent)).status_code == 404  # twice is once

    # The code book alone, which is here already; and left.
    for form in ("codebook.qdc", "codes.csv"):
        look = await far.get((await send(far, files[form], form, there)).headers["location"])
        assert "Nothing in this file is new here." in look.text and "Take it in" not in look.text
    refused = await far.post(f"{there}/take-in", data={"file": hidden(look, "file")})
    assert refused.status_code == 409 and "Nothing in this file is new" in refused.text
    assert (await far.post(f"{there}/take-in", data={"do": "leave"})).headers["location"] == f"{there}?done=left"
    assert (await far.get(f"{there}?file={hidden(look, 'file')}")).status_code == 404


async def test_what_cannot_be_read_comes_back_with_a_sentence(browse: Browse, database: Database, made: Made) -> None:
    coded = await make_coded(database, made)
    reader = await browse(coded.rapporteur)
    for content, why in (
        (b"PK\x03\x04", "no archive"), (b"<svg/>", "no file of REFI-QDA 1.0"), (b"\x00\xff", "neither REFI-QDA"),
        (b"a" * (50 * 2**20), "larger than 25 MB"), (b"", "no column"),
    ):  # fmt: skip
        answer = await send(reader, content)
        assert answer.status_code == 422 and why in answer.text, why
    assert "Please choose a file." in (await reader.post(HERE, data={"file": ""})).text
    hostile = writing.project(Project("<script>", "x", (), [Code(coded.pay.id, "<script>"), Code(coded.pay.id, "<b>")]))
    look = await reader.get((await send(reader, hostile, "<script>")).headers["location"])
    assert "<script>" not in look.text.split("<main")[1].split("</main")[0] and "&lt;b&gt;" in look.text

    for actor in (made.participant, made.moderator):
        browser = await browse(actor)
        for path in (HERE, f"{HERE}/project.qdpx", AGREEMENT):
            assert (await browser.get(path)).status_code == 403
        assert (await send(browser, b"name\nA\n")).status_code == 403
        assert (await browser.post(f"{HERE}/take-in", data={"file": str(coded.pay.id)})).status_code == 403


async def test_who_codes_the_same_texts_is_compared(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    coded = await make_coded(database, made)
    assert (await stranger.get(AGREEMENT)).headers["location"].startswith("/sign-in")
    reader = await browse(coded.rapporteur)
    page = await reader.get(AGREEMENT)
    assert "Rapporteur R" in page.text and "Organiser D" in page.text
    assert "One text that both have read counts." in page.text and "How to read this" in page.text
    assert "Who pays > City" not in page.text and "Who pays &gt; City" in page.text
    assert "Only <bdi>Rapporteur R</bdi></th>" in page.text and f'href="/c/{SLUG}/' in page.text
    assert "100%" in page.text and ">0%<" in page.text
    assert (await reader.get(f"{AGREEMENT}?first={coded.pay.id}&second={coded.pay.id}")).status_code == 404

    monkeypatch.delitem(sys.modules, "app.synthesis.coding_kappa", raising=False)
    monkeypatch.setitem(sys.modules, "sklearn.metrics", None)
    page = await reader.get(AGREEMENT)
    assert "the extra “opinion”" in page.text and "100%" in page.text and '<th scope="col">Kappa</th>' not in page.text
