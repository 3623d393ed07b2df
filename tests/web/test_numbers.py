"""Participation in numbers: what is public is counted, nothing else, and who is missing is named."""

import csv
import io

import pytest
from httpx import AsyncClient
from sqlalchemy import Column
from sqlalchemy.sql.visitors import iterate

from app.contributions.models import COUNTED, Publication
from app.database import Database
from app.readings import numbers
from tests.making import AFTER, SLUG, Made, decide, say
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
PAGE = f"/c/{SLUG}/numbers"


@pytest.fixture(autouse=True)
def counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "KEPT_FOR", 0.0)


async def counts(stranger: AsyncClient) -> dict[tuple[str, str], int]:
    """Contributions by dimension and key, as the CSV file has them."""
    written = (await stranger.get(f"{PAGE}.csv")).text
    return {(row["by"], row["key"]): int(row["contributions"]) for row in csv.DictReader(io.StringIO(written))}


async def test_what_is_public_is_counted_in_every_way(stranger: AsyncClient, database: Database, made: Made) -> None:
    first = await say(database, made, kind="proposal", language="es", questions=("diasporas.a",), topic=AFTER)
    await say(database, made, parent=first.id, kind=None, title=None, language="fil", topic=None)
    await say(database, made, byline="anonymous", topic=AFTER)
    hidden = await say(database, made, topic=AFTER)
    await decide(database, made, "hide", hidden.id)
    found = await counts(stranger)
    assert found["topic", AFTER] == 3 and found["question", "diasporas.a"] == 1
    assert found["question", "diasporas.b"] == 0  # what nobody has answered is a figure, too
    assert found["kind", "reply"] == 1 and found["language", "fil"] == 1 and found["channel", "web"] == 3
    assert sum(n for (by, key), n in found.items() if by == "country" and key) == 2  # an anonymous text has none
    assert found["country", ""] == found["region", ""] == 1
    page = (await stranger.get(PAGE)).text
    assert "Spanish" in page and "Filipino" in page and "withheld or not given" in page


async def test_a_question_in_arabic_is_not_turned_round_by_its_letter(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made, topic=AFTER)
    assert "<bdi>\u200fa. " in (await stranger.get(f"{PAGE}?lang=ar")).text
    assert "<bdi>a. " in (await stranger.get(f"{PAGE}?lang=fr")).text


async def test_who_is_hoped_for_and_not_heard_is_named(stranger: AsyncClient, database: Database, made: Made) -> None:
    await say(database, made, topic=AFTER)
    page = (await stranger.get(PAGE)).text
    assert "Not heard yet:" in page and "Faith group" in page and "Hardly heard:" in page


async def test_a_consultation_without_a_word_says_so(stranger: AsyncClient) -> None:
    page = await stranger.get(PAGE)
    assert page.status_code == 200 and "Nothing has been said yet" in page.text
    assert (await stranger.get("/c/nowhere/numbers")).status_code == 404


async def test_the_map_is_an_image_with_the_countries_in_words(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made, topic=AFTER)
    image = await stranger.get(f"{PAGE}/map.svg")
    assert image.headers["content-type"] == "image/svg+xml"
    assert image.text.count("<title>") == 1 and "script" not in image.text and "style" not in image.text


async def test_numbers_are_kept_for_a_moment_and_say_of_when_they_are(
    stranger: AsyncClient, browse: Browse, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(database, made, topic=AFTER)
    before = await stranger.get(PAGE)
    monkeypatch.setattr(numbers, "KEPT_FOR", 60.0)
    await say(database, made, topic=AFTER)
    kept = await stranger.get(PAGE)
    assert kept.headers["etag"] == before.headers["etag"] and "Counted at entry" in kept.text
    monkeypatch.setattr(numbers, "KEPT_FOR", 0.0)
    anew = await stranger.get(PAGE)
    assert anew.headers["etag"] != before.headers["etag"]
    again = await stranger.get(PAGE, headers={"If-None-Match": anew.headers["etag"]})
    assert again.status_code == 304


def test_they_are_counted_from_an_index_since_rows_have_whole_documents() -> None:
    for query in (numbers._BY_ONE, numbers._BY_QUESTION, numbers._THREADS):
        used = {
            each.name for each in iterate(query) if isinstance(each, Column) and each.table == Publication.__table__
        }
        assert used and used <= {"consultation_id", "number", *COUNTED}, query
