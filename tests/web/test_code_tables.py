"""Tables of codes: what is counted, that each number leads to just these contributions, and who sees them."""

import csv
import io
import re
from html import unescape

import pytest
from httpx import AsyncClient

from app.database import Database
from app.readings.coding import code_tables
from app.synthesis import code_book, coding
from app.synthesis.code_words import CodeWords
from tests.making import SLUG, Made, decide, say
from tests.synthesis.outcome import make_rapporteur
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
PAGE = f"/c/{SLUG}/synthesis/codes/tables"


async def table(browser: AsyncClient, by: str, whose: str = "all") -> list[list[str]]:
    answer = await browser.get(f"{PAGE}.csv?by={by}&whose={whose}")
    assert answer.headers["cache-control"] == "private, no-store"
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def test_codes_are_counted_by_what_is_known_and_each_number_leads_there(
    browse: Browse, database: Database, made: Made
) -> None:
    rapporteur = await make_rapporteur(database, made)
    first = await say(database, made, body="Hours and money.", questions=("diasporas.a", "diasporas.b"))
    second = await say(database, made, language="es", byline="anonymous")
    third = await say(database, made, title="Hidden", byline="full")
    await say(database, made, title="Uncoded")
    async with database.writing() as session:
        pay = await code_book.make(session, rapporteur, made.id, CodeWords("=Pay"))
        time = await code_book.make(session, rapporteur, made.id, CodeWords("Time <x>", parent=pay.id))
        none = await code_book.make(session, rapporteur, made.id, CodeWords("Unused"))
        for passage in ("Hours", "money"):  # twice, and by two: one contribution
            await coding.put(session, rapporteur, made.id, first.id, [pay.id], passage=passage)
        await coding.put(session, made.organiser, made.id, first.id, [pay.id, time.id])
        await coding.put(session, rapporteur, made.id, second.id, [pay.id])
        await coding.put(session, rapporteur, made.id, third.id, [pay.id, time.id, none.id])
    await decide(database, made, "hide", third.id)
    browser = await browse(rapporteur)

    assert await table(browser, "region") == [
        ["Code", "Contributions", "Asia", "withheld or not given"], ["All contributions", "3", "2", "1"],
        ["'=Pay", "2", "1", "1"], ["Time <x>", "1", "1", "0"], ["Unused", "0", "0", "0"],
    ]  # fmt: skip
    assert (await table(browser, "language"))[:3] == [
        ["Code", "Contributions", "English", "Spanish"], ["All contributions", "3", "2", "1"], ["'=Pay", "2", "1", "1"],
    ]  # fmt: skip
    head, whole, pays = (await table(browser, "question"))[:3]
    assert [(name, *counts) for name, *counts in zip(head, whole, pays, strict=True) if counts != ["0", "0"]][1:] == [
        ("Contributions", "3", "2"), ("diasporas.a", "1", "1"), ("diasporas.b", "1", "1"),
        ("answers none of them", "2", "1"),
    ]  # fmt: skip
    assert (await table(browser, "organisation_kind"))[2] == ["'=Pay", "2", "1", "1"]
    assert (await table(browser, "channel"))[0] == ["Code", "Contributions", "on these pages"]
    assert (await table(browser, "also"))[1:3] == [["'=Pay", "2", "0", "1", "0"], ["Time <x>", "1", "1", "0", "0"]]
    assert (await table(browser, "also", ""))[1:3] == [["'=Pay", "2", "0", "0", "0"], ["Time <x>", "0", "0", "0", "0"]]

    # Each number is a link to the desk, which lists as many.
    for by in (*code_tables.DIMENSIONS, code_tables.TOGETHER):
        page = (await browser.get(f"{PAGE}?by={by}&whose=all")).text
        assert "Time &lt;x&gt;" in page and "Hidden" not in page
        cells = re.findall(r'<a href="([^"]+/synthesis/coding\?[^"]+)">(\d+)</a>', page)
        assert cells
        for address, count in dict(cells).items():
            assert (await browser.get(unescape(address))).text.count('<li class="entry" id="t') == int(count), address
    assert 'aria-current="page">By guiding question' in (await browser.get(f"{PAGE}?by=x&whose=\ufffd")).text


async def test_only_who_works_on_the_outcome_sees_them(browse: Browse, stranger: AsyncClient, made: Made) -> None:
    for path in (PAGE, f"{PAGE}.csv"):
        assert (await stranger.get(path)).headers["location"].startswith("/sign-in")
        for actor in (made.participant, made.moderator):
            assert (await (await browse(actor)).get(path)).status_code == 403
    assert "There is no code yet." in (await (await browse(made.organiser)).get(PAGE)).text


async def test_of_many_codes_those_that_are_used_most_stand_together_on_the_page(
    browse: Browse, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.coding.code_tables.SHOWN_TOGETHER", 1)
    text = await say(database, made)
    async with database.writing() as session:
        for name in ("Never", "Often", "Rarely"):
            code = await code_book.make(session, made.organiser, made.id, CodeWords(name))
            if name == "Often":
                await coding.put(session, made.organiser, made.id, text.id, [code.id])
    browser = await browse(made.organiser)
    page = (await browser.get(f"{PAGE}?by=also")).text.split('<table class="counts">')[1]
    assert "Often" in page and "Never" not in page and "Rarely" not in page
    assert [row[0] for row in await table(browser, "also")][1:] == ["Never", "Often", "Rarely"]
