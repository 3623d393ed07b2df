"""All collected hostile strings as bodies, titles and names: through the API's door, on pages, in JSON and in tables.

All of them are checked by the models and rules that the API posts by, and written by the import, thousands at a time.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import orjson
import pytest
from httpx import AsyncClient

from app import errors, text
from app.api.requests import NewContribution
from app.contributions import importing
from app.contributions.arrivals import Arrival, Stand, arrival
from app.contributions.submissions import checked
from app.database import Database
from app.permissions import OPERATOR
from tests.making import AFTER, SLUG, Made
from tests.web.test_protection import dangers

pytestmark = pytest.mark.anyio
HOSTILE = Path(__file__).parents[3] / "shared/data/hostile/hostile_dev.jsonl"
API = f"/api/v1/consultations/{SLUG}"
ALLOWED = {"p", "br", "em", "strong", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "h4", "h5", "h6",
           "table", "thead", "tbody", "tr", "th", "td"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hostile:
    """A string, and whether it is a text at all."""

    id: str
    payload: str
    clean: str | None


def collection() -> list[Hostile]:
    if not HOSTILE.exists():
        pytest.skip(f"the collection of hostile strings is not at {HOSTILE}")
    rows = [json.loads(line) for line in HOSTILE.read_text("utf-8").split("\n") if line]
    return [Hostile(row["id"], row["payload"], _clean(row["payload"])) for row in rows]


def _clean(payload: str) -> str | None:
    try:
        clean = text.paragraphs(payload)
    except ValueError:
        return None
    return clean if len(clean) <= 20_000 and text.visible(unescape(clean)) else None


class Tags(HTMLParser):
    """Everything in a text's HTML that a text may not have."""

    def __init__(self) -> None:
        super().__init__()
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.odd.append(tag)
        for name, value in attributes:
            scheme = re.match(r"\s*([^/?#:]*):", value or "") if name == "href" else None
            if name not in ("dir", "href", "title", "rel", "start") or (
                scheme and scheme[1].lower() not in ("http", "https", "mailto")
            ):
                self.odd.append(f"{tag} {name}={value}")


def odd_in(html: str) -> list[str]:
    parser = Tags()
    parser.feed(html)
    parser.close()
    return parser.odd


def arrivals(given: list[Hostile]) -> Iterator[Arrival]:
    """Each string as the title and author of a root, and as the body of a reply; where it can be one."""
    for each in given:
        title = each.payload[:200] if _title(each.payload) else "A title"
        author = each.payload[:120] if _title(each.payload[:120]) else None
        yield arrival({"id": each.id, "title": title, "body": "Text.", "author": author}, Stand(topic=AFTER), "en", "x")
    root = given[0].id
    for each in given:
        yield arrival({"id": f"r-{each.id}", "body": each.payload}, Stand(parent=root), "en", each.payload[:100])


def _title(payload: str) -> bool:
    try:
        return bool(text.line(payload[:200]))
    except ValueError:
        return False


@pytest.fixture
async def taken(database: Database, made: Made) -> list[Hostile]:
    """All strings that are texts, written."""
    given = [each for each in collection() if each.clean is not None and _title(each.payload[:100])]
    every = list(arrivals(given))
    for start in range(0, len(every), 2_000):
        async with database.writing() as session:
            await importing.take_in(session, OPERATOR, made.id, every[start : start + 2_000])
    assert len(given) > 4_300
    return given


def test_the_apis_door_lets_texts_in_and_names_what_is_none() -> None:
    given = collection()
    for each in given:
        raw = json.dumps({"topic": AFTER, "kind": "proposal", "title": "T", "body": each.payload, "language": "en"})
        assert _posted(raw) == each.clean, each.id
    assert len(given) > 4_000 and sum(each.clean is None for each in given) < 100


def _posted(raw: str) -> str | None:
    """The body that would be stored; None where it is refused, by name."""
    try:
        return checked(NewContribution.model_validate_json(raw).submission(), frozenset()).body
    except errors.Invalid as invalid:
        return None if list(invalid.fields) == ["body"] else f"refused: {invalid}"
    except ValueError:  # half surrogates are no JSON
        return None


async def test_all_of_it_comes_back_as_it_was_written_and_is_text_on_pages(
    client: AsyncClient, taken: list[Hostile]
) -> None:
    await _json_and_tables_give_each_text_back(client, taken)
    await _pages_show_it_as_text(client, taken)


async def _json_and_tables_give_each_text_back(client: AsyncClient, taken: list[Hostile]) -> None:
    texts: list[dict[str, object]] = []
    url = f"{API}/contributions?kind=reply&limit=1000"
    while url:
        page = (await client.get(url)).json()
        texts += page["items"]
        url = page["next"] or ""
    assert [each["body"] for each in texts] == [each.clean for each in taken]
    for shown in texts:
        assert not odd_in(str(shown["html"])), shown["html"]
    lines = (await client.get(f"{API}/export.jsonl")).content.splitlines()
    exported = [item for item in map(orjson.loads, lines) if item["kind"] == "reply"]
    assert exported == texts
    table = csv.DictReader(io.StringIO((await client.get(f"{API}/export.csv")).text, newline=""))
    rows = {row["id"]: row for row in table}
    for shown in texts:
        cell, body = rows[str(shown["id"])]["body"], str(shown["body"])
        assert cell == (f"'{body}" if body[0] in "=+-@\t\r" else body), shown["id"]
    entries = 0
    while page := (await client.get(f"{API}/changes?after={entries}&limit=1000")).json()["items"]:
        entries += len(page)
    assert entries >= 2 * len(taken)


async def _pages_show_it_as_text(client: AsyncClient, taken: list[Hostile]) -> None:
    seen, url = 0, f"/c/{SLUG}/1"
    while url:  # every body
        page = await client.get(url)
        assert page.status_code == 200 and not dangers(page.text), url
        seen += page.text.count('<li class="entry')
        onward = re.search(r'href="([^"]+)" rel="next"', page.text)
        url = unescape(onward[1]) if onward else ""
    assert seen >= len(taken)
    seen, url = 0, f"/c/{SLUG}/topics/{AFTER}"
    while url:  # every title and name
        page = await client.get(url)
        assert page.status_code == 200 and not dangers(page.text), url
        seen += page.text.count('<a class="num"')
        onward = re.search(r'href="([^"]+)" rel="next"', page.text)
        url = unescape(onward[1]) if onward else ""
    assert seen >= len(taken)
    for path in (f"/c/{SLUG}", f"/c/{SLUG}/record"):
        page = await client.get(path)
        assert page.status_code == 200 and not dangers(page.text), path
