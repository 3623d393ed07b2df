"""Search: in each text's own language, only in what is public, and of use where nothing fits."""

import json
import re
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.clock import now
from app.contributions import actions
from app.contributions.search_words import findable, sought
from app.contributions.submissions import Submission
from app.database import Database
from app.moderation import erasing
from app.moderation.deciding import Options
from app.readings.discussion import found_words, listing, search
from app.readings.discussion.listing import Filters
from app.readings.discussion.search import BEGIN, END, Asked, Results
from tests.making import AFTER, BEFORE, Made, curate, decide, make, say

pytestmark = pytest.mark.anyio
_EACH = 7  # of the parallel texts: all of them take long
PARALLEL = Path(__file__).parents[3] / "shared/data/text/sdg_parallel.jsonl"


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


async def look(
    database: Database, made: Made, words: str, before: int | None = None, filters: Filters | None = None, **more: Any
) -> Results:
    async with database.reading() as connection:
        return await search.search(connection, made.id, Asked(words, filters or Filters(), **more), before)


async def numbers(database: Database, made: Made, words: str, **more: Any) -> list[int | None]:
    found = await look(database, made, words, **more)
    return [] if found.nearest else [each.view.number for each in found.items]


async def test_each_language_by_its_own_rules(database: Database, made: Made) -> None:
    for language, title, body in (
        ("en", "Housing", "Cities should house newcomers near schools."),
        ("fr", "Le logement", "Les villes logent les nouveaux arrivants près des écoles."),
        ("es", "La migración", "Las ciudades acogen a quienes llegan."),
        ("ar", "السكن", "المُدُن تستقبل اللاجئـــين قرب المدارس."),
        ("ru", "Жильё", "Города принимают приезжих рядом со школами."),
        ("zh", "住房", "城市应当在学校附近接纳移民。"),
        ("fil", "Pabahay", "Tinatanggap ng mga lungsod ang mga bagong dating."),
    ):
        await say(database, made, title=title, body=body, language=language)
    for words, number in (
        ("school city", 1), ("ville école", 2), ("villes ecoles", 2), ("migracion", 3), ("ciudad", 3),
        ("المدن اللاجئين", 4), ("مدارس", 4), ("город школа", 5), ("移民", 6), ("学校 城市", 6), ("移", 6), ("民", 6),
        ("lungsod dating", 7), ("LUNGSOD", 7), ('"bagong dating"', 7),
    ):  # fmt: skip
        assert number in await numbers(database, made, words), words
    assert await numbers(database, made, "school -city") == []
    assert await numbers(database, made, "学城") == []


async def test_what_is_not_public_is_not_found(database: Database, made: Made) -> None:
    for fate in ("waits", "hidden", "withdrawn", "erased", "redacted", "edited", "restored"):
        word = f"quetzal{fate}"
        text = await say(
            database, made, topic=BEFORE if fate == "waits" else AFTER, title=word, body=f"About {word} now."
        )
        async with database.writing() as session:
            if fate == "withdrawn":
                await actions.withdraw(session, made.participant, text.id)
            if fate == "erased":
                await erasing.erase(session, made.participant, text.id)
            if fate == "edited":
                changes = {"title": "Other", "body": "Words"}
                await actions.edit(session, made.participant, text.id, 1, changes)
        if fate in ("hidden", "restored"):
            await decide(database, made, "hide", text.id)
        if fate == "restored":
            await decide(database, made, "restore", text.id)
        if fate == "redacted":
            await curate(database, made, "redact", text.id, Options(passage=word))
        found = await look(database, made, word)
        assert bool(found.items and not found.nearest) is (fate == "restored"), fate
        assert all(fate != "waits" and word not in each.excerpt for each in found.items if fate != "restored"), fate


async def test_filters_pages_and_the_place_where_it_was_found(database: Database, made: Made) -> None:
    for number in range(search.PAGE + 2):
        language = "es" if number % 2 else "en"
        await say(database, made, body=f"{'Far before it. ' * 40}Housing {number} <b>&", language=language)
    first = await look(database, made, "housing")
    assert [each.view.number for each in first.items] == list(range(22, 2, -1)) and first.next_before == 3
    assert f"{BEGIN}Housing{END}" in first.items[0].excerpt
    rest = await look(database, made, "housing", before=first.next_before)
    assert [each.view.number for each in rest.items] == [2, 1] and rest.next_before is None
    assert len(await numbers(database, made, "housing", filters=Filters(language="es"))) == 11
    assert await numbers(database, made, "", filters=Filters(language="es", kind="question")) == []
    assert len(await numbers(database, made, "", channel="web")) == search.PAGE
    assert await numbers(database, made, "", channel="paper") == []


async def test_what_a_text_is_found_by_follows_what_becomes_of_it(database: Database, made: Made) -> None:
    place, text = ({"city": "Quito", "country": "EC", "role": None},), "Gardens for everybody."
    await say(database, made, actor=made.other, body="Gardens, too.", language="es")
    signed = await say(database, made, body=text, places=place, capacity="organisation")
    shown = (
        Filters(organisation_kind="diaspora"),
        Filters(country="PH"),
        Filters(place="quito"),
        Filters(topic=AFTER, language="en"),
    )
    for filters in shown:
        assert await numbers(database, made, "gardens", filters=filters) == [2], filters
    await curate(database, made, "move", signed.id, Options(topic=BEFORE))
    assert await numbers(database, made, "gardens", filters=Filters(topic=BEFORE)) == [2]
    assert await numbers(database, made, "gardens", filters=Filters(topic=AFTER)) == [1]
    assert await numbers(database, made, "gardens", filters=Filters(topic="none")) == []
    async with database.writing() as session:
        await actions.lower_byline(session, made.participant, signed.id, "anonymous")
    for filters in shown:
        assert await numbers(database, made, "gardens", filters=filters) == [], filters


@pytest.mark.parametrize("looked_at", [1, 3, 6])
async def test_the_same_is_found_however_it_is_looked_for(
    database: Database, made: Made, monkeypatch: pytest.MonkeyPatch, looked_at: int
) -> None:
    for module in (search, listing, found_words):
        monkeypatch.setattr(module, "FIRST_LOOK", looked_at)
    monkeypatch.setattr(search, "PAGE", 2)
    for number in range(1, 10):
        await say(database, made, body="gardens " + " ".join(f"by{each}" for each in (2, 3, 8) if number % each == 0))
    day = timedelta(days=1)
    for words, fit in (
        ("gardens", range(1, 10)),
        ("by2", (2, 4, 6, 8)),
        ("by3", (3, 6, 9)),
        ("by8", (8,)),
        ("by2 by3", (6,)),
    ):
        pages = await _all_pages(database, made, words)
        assert pages == await _all_pages(database, made, words, since=now() - day, until=now() + day)
        assert pages == sorted(fit, reverse=True)
        for sort in listing.SORTS:
            order = fit if sort in ("number", "updated") else pages
            assert await _listed(database, made, words, sort) == list(order), (words, sort)
    assert await _all_pages(database, made, "gardens", since=now() + day) == []
    assert await _all_pages(database, made, "gardens", until=now() - day) == []


async def _all_pages(database: Database, made: Made, words: str, **more: Any) -> list[int | None]:
    found: list[int | None] = []
    page = Results([], next_before=2**31)
    while page.next_before:
        page = await look(database, made, words, page.next_before, **more)
        found += [each.view.number for each in page.items]
    return found


async def _listed(database: Database, made: Made, words: str, sort: str) -> list[int]:
    found: list[int] = []
    cursor, ended = None, False
    while not ended:
        async with database.fetching() as driver:
            page = await listing.listing(driver, made.id, "/", Filters(q=words), sort, 2, cursor)
        found += [json.loads(each)["number"] for each in page.items]
        cursor, ended = page.next, page.next is None
    return found


async def test_where_nothing_fits_the_nearest_are_shown(database: Database, made: Made) -> None:
    await say(database, made, body="Communal gardens for everybody.")
    await say(database, made, body="Gardens and language courses for parents.")
    found = await look(database, made, "gardens courses kindergarten")
    assert found.nearest and [each.view.number for each in found.items] == [2, 1]
    assert [each.view.number for each in (await look(database, made, "languaje")).items] == [2]
    assert (await look(database, made, "quetzalcoatl")).items == []
    for odd in ("!!!", "a & | !b:* 'c", "\\'", "(((", "- -", '"', "<->", "\u202e", "'; DROP TABLE people --", "😀"):
        assert (await look(database, made, odd)).next_before is None


def test_words_are_made_comparable() -> None:
    found = findable("Über", "移民政策 é", "zh")
    assert (found.bare.split(), found.pairs) == (["Uber", "e"], ["政策", "民政", "移民", "策"])
    assert sought("移 école") == sought("移  école") and sought("移 école").pairs == "'移':*"
    assert not sought(" … ")


@pytest.mark.skipif(not PARALLEL.exists(), reason="no ../shared/data: parallel texts are not tried")
async def test_parallel_texts_are_found_by_two_of_their_words(database: Database, made: Made) -> None:
    found: dict[str, list[bool]] = {}
    texts = [json.loads(line) for line in PARALLEL.read_text().splitlines()][::_EACH]
    async with database.writing() as session:
        for each in texts:
            given = Submission(topic=AFTER, kind="proposal", title="-", body=each["body"], language=each["lang"])
            each["number"] = (await actions.post(session, made.moderator, made.id, given)).number
    for each in texts:
        hit = await _is_found(database, made, each["number"], _two_words(each["body"], each["lang"]))
        found.setdefault(each["lang"], []).append(hit)
    assert len(found) == 6
    assert {language: sum(hits) / len(hits) >= 0.95 for language, hits in found.items()} == dict.fromkeys(found, True)


async def _is_found(database: Database, made: Made, number: int, words: str) -> bool:
    """On whichever page."""
    results = await look(database, made, words, number + 1)
    return not results.nearest and number in [each.view.number for each in results.items]


def _two_words(body: str, language: str) -> str:
    """The two longest; of Chinese two pairs of characters."""
    body = unicodedata.normalize("NFKC", re.sub("[\u0640\u064b-\u065f]", "", body))
    if language == "zh":
        return " ".join(re.findall(r"[\u4e00-\u9fff]{2}", body)[:2])
    return " ".join(sorted(re.findall(r"[^\W\d_]+", body), key=len)[-2:])
