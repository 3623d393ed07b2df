"""Gists on pages: written beside the text, reworded by another, in the spreadsheet of proceedings and in files."""

import csv
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from httpx import AsyncClient, Response

from app.contributions import actions as texts
from app.database import Database
from tests.making import AFTER, SLUG, Made, decide, say
from tests.synthesis.outcome import make_rapporteur
from tests.web.conftest import Browse
from tests.web.pages import hidden

pytestmark = pytest.mark.anyio
DESK = f"/c/{SLUG}/synthesis/coding"
EXCHANGE = f"/c/{SLUG}/synthesis/codes/exchange"


async def grid(browser: AsyncClient) -> list[list[Any]]:
    answer = await browser.get(f"/c/{SLUG}/proceedings.xlsx?part={AFTER}")
    [sheet] = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
    return [[cell.value or "" for cell in row] for row in sheet.iter_rows()]


async def listed(browser: AsyncClient, gist: str) -> list[bool]:
    page = (await browser.get(f"{DESK}?gist={gist}")).text
    return ['id="t1"' in page, 'id="t2"' in page]


async def test_a_gist_is_written_reworded_taken_along_and_taken_away(
    browse: Browse, database: Database, made: Made
) -> None:
    text = await say(database, made, title="First")
    await say(database, made, actor=made.other, title="Second")
    one, two = await browse(await make_rapporteur(database, made)), await browse(made.organiser)

    async def write(browser: AsyncClient, number: int, gist: str, page: Response, **more: str) -> Response:
        sent = {"gist": gist, "seen": hidden(page, "seen"), "revision": hidden(page, "revision"), **more}
        return await browser.post(f"{DESK}/{number}/gist?language=en", data=sent)

    before = await one.get(f"{DESK}/1")
    done = await write(one, 1, "=Who <b>counts</b>", before, **{"from": "desk"})
    assert done.headers["location"] == f"{DESK}?language=en&done=summed_up#f-items"
    shown = (await two.get(DESK)).text
    assert '<span dir="auto">=Who &lt;b&gt;counts&lt;/b&gt;</span>' in shown and "Reword the gist" in shown
    assert [await listed(one, which) for which in ("none", "revised", "x")] == [
        [False, True], [False, False], [True, True],
    ]  # fmt: skip
    assert "=Who &lt;b&gt;counts&lt;/b&gt;" in (await two.get(f"/c/{SLUG}/synthesis/coverage")).text

    # What is refused comes back with the words in it; and whoever did not see the present one sees it first.
    long = await write(one, 1, "y" * 201, await one.get(f"{DESK}/1"))
    assert long.status_code == 422 and f'value="{"y" * 201}"' in long.text and 'id="e-gist"' in long.text
    late = await write(two, 1, "Mine, <too>", before)
    assert late.status_code == 409 and "Somebody else has worded" in late.text
    assert 'value="Mine, &lt;too&gt;"' in late.text and "=Who &lt;b&gt;" in late.text and "Rapporteur R" in late.text
    done = await write(two, 1, "Cities count.", late)
    assert done.headers["location"] == f"{DESK}/1?language=en&done=summed_up#gist"
    assert "you" in (page := (await two.get(f"{DESK}/1")).text) and "Rapporteur R" not in page.split('id="codings"')[0]

    # Once the text says something else, every place says so.
    async with database.writing() as session:
        await texts.edit(session, made.participant, text.id, 1, {"body": "Hours, of late."})
    assert "of revision 1; the text was revised since" in (await one.get(f"{DESK}/1")).text
    assert await listed(one, "revised") == [True, False]
    rows = await grid(one)
    assert rows[0][2:4] == ["Gist (draft, not public)", "Text revised since the gist"]
    assert [row[2:4] for row in rows[1:]] == [["Cities count.", "×"], ["", ""]]
    moderators = await grid(await browse(made.moderator))
    assert moderators[0][2] == "Gist, for you to write" and moderators[1][2] == ""

    # As files: the table comes in again, the project has it beside the revision that it was written for.
    table = (await two.get(f"{EXCHANGE}/gists.csv")).content
    assert next(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))["gist"] == "Cities count."
    await write(one, 1, "Hours count.", await one.get(f"{DESK}/1"))
    project = zipfile.ZipFile(io.BytesIO((await one.get(f"{EXCHANGE}/project.qdpx")).content))
    assert b"Gist: Hours count." in project.read("project.qde")
    look = await two.get((await two.post(EXCHANGE, files={"file": ("g.csv", table)})).headers["location"])
    assert "one takes the place of what is here" in look.text
    await two.post(f"{EXCHANGE}/take-in", data={"file": hidden(look, "file"), "do": "take"})
    held = (await two.get("/me/data/download")).json()["gists"]
    assert [(each["gist"], each["revision"]) for each in held] == [("Cities count.", 1)]

    await decide(database, made, "hide", text.id)
    assert b"Cities" not in (await two.get(f"{EXCHANGE}/gists.csv")).content
    await decide(database, made, "restore", text.id)
    gone = await one.post(f"{DESK}/1/gist", data={"do": "remove"})
    assert gone.headers["location"] == f"{DESK}/1?done=not_summed_up#gist"
    assert "Cities count." not in (await one.get(f"{DESK}/1")).text
    assert (await one.post(f"{DESK}/1/gist", data={"do": "remove"})).status_code == 404


async def test_nobody_else_reads_or_writes_one(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    one = await browse(await make_rapporteur(database, made))
    await one.post(f"{DESK}/1/gist", data={"gist": "Secretly so."})
    for actor in (made.participant, made.moderator):
        browser = await browse(actor)
        assert (await browser.post(f"{DESK}/1/gist", data={"gist": "x"})).status_code == 403
        assert (await browser.get(f"{EXCHANGE}/gists.csv")).status_code == 403
        assert "Secretly" not in (await browser.get(f"/c/{SLUG}/1")).text
    assert (await stranger.post(f"{DESK}/1/gist", data={"gist": "x"})).status_code == 401
    assert (await one.post(f"{DESK}/9/gist", data={"gist": "x"})).status_code == 404
