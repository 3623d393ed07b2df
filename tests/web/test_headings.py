"""Headings that people wrote are set beneath those of the page, and none is left out."""

import re

import pytest
from httpx import AsyncClient

from app import text
from app.contributions.headings import beneath
from app.database import Database
from tests.making import SLUG, Made, say

pytestmark = pytest.mark.anyio


def levels(html: str) -> list[int]:
    """The levels of a page's headings in their order; each is closed as it was opened."""
    opened = re.findall(r"<h([1-6])\b", html)
    assert opened == re.findall(r"</h([1-6])>", html)
    return [int(level) for level in opened]


@pytest.mark.parametrize(
    ("written", "at_2", "at_3"),
    [
        ("No heading <h4>", [], []),
        ("# One", [2], [3]),
        ("### Deep, first\n\n# One\n\n### Three\n\n## Two", [2, 2, 3, 3], [3, 3, 4, 4]),
        ("# a\n\n## b\n\n### c\n\n# d", [2, 3, 4, 2], [3, 4, 5, 3]),
    ],
)
def test_levels_go_on_from_what_is_above(written: str, at_2: list[int], at_3: list[int]) -> None:
    html = text.markdown(written)
    assert levels(beneath(html, 2)) == at_2
    assert levels(beneath(html, 3)) == at_3


async def test_a_thread_has_an_outline(stranger: AsyncClient, database: Database, made: Made) -> None:
    root = await say(database, made, title="Title", body="# In the first\n\n## Within it")
    await say(database, made, parent=root.id, body="## In a reply")
    page = (await stranger.get(f"/c/{SLUG}/{root.number}")).text
    main = page[page.index("<main") : page.index("<aside")]
    assert levels(main)[:5] == [1, 2, 3, 2, 3]
