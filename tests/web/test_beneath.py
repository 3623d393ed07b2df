"""What is beneath a contribution on its page: each in its place, with what its reader may do about it."""

import re
from zoneinfo import ZoneInfo

import pytest
from httpx import AsyncClient

from app.database import Database
from app.language import speaking
from app.web.kit import open_words
from app.web.kit.open_words import words_for
from tests.making import SLUG, Made, curate, decide, say
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"


async def grown(database: Database, made: Made) -> None:
    """1 with 2, 3 (hidden) and a note, 5; 2 with 4."""
    root = await say(database, made)
    two = await say(database, made, parent=root.id)
    three = await say(database, made, parent=root.id)
    await say(database, made, parent=two.id, body="# Beneath")
    await say(database, made, parent=root.id, actor=made.moderator, kind="note", body="So far.")
    await decide(database, made, "hide", three.id)


async def beneath(browser: AsyncClient, number: int = 1) -> str:
    """The list of what is beneath, as it is on the page."""
    page = (await browser.get(f"{C}/{number}")).text
    assert "\x1f" not in page
    return page.partition('<section id="beneath"')[2].partition("</section>")[0]


async def test_each_is_in_its_place(stranger: AsyncClient, database: Database, made: Made) -> None:
    await grown(database, made)
    listed = await beneath(stranger)
    assert re.findall(r'<li class="([a-z0-9 ]+)" id="n(\d)">', listed) == [
        ("entry", "2"), ("entry d1", "4"), ("entry gap", "3"), ("note", "5"),
    ]  # fmt: skip
    assert re.findall(r"contribute\?parent=(\d)", listed) == ["2", "4", "5"]
    assert re.findall(r"<h3[^>]*>(.*?)</h3>", listed) == ["Beneath"]
    assert listed.count("<li ") == listed.count("</li>") == 4
    assert re.findall(r'<li class="([a-z0-9 ]+)" id="n(\d)">', await beneath(stranger, 2)) == [("entry", "4")]


async def test_moderators_may_decide_about_each(browse: Browse, database: Database, made: Made) -> None:
    await grown(database, made)
    listed = await beneath(await browse(made.moderator))
    assert re.findall(rf'href="{C}/(\d)/hide"', listed) == ["2", "4", "5"]
    assert re.findall(rf'href="{C}/(\d)/restore"', listed) == ["3"]


async def test_a_locked_thread_takes_no_replies(
    stranger: AsyncClient, browse: Browse, database: Database, made: Made
) -> None:
    await grown(database, made)
    listed = await beneath(await browse(made.moderator))
    root = await say(database, made)
    await say(database, made, parent=root.id)
    await curate(database, made, "lock", root.id)
    for browser, acts in ((stranger, 0), (await browse(made.moderator), 1)):
        locked = await beneath(browser, 6)
        assert "contribute?parent=" not in locked and locked.count('<p class="acts">') == acts
        assert locked.count("<li ") == locked.count("</li>") == 1
    assert await beneath(await browse(made.moderator)) == listed


def test_words_that_are_kept_are_bounded_and_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_words, "_MOST", 5)
    zone = ZoneInfo("Europe/Lisbon")
    piece = b"".join(b"\x1fmoment:2026-05-01T10:%02d\x1f, \x1fkind:reply\x1f; " % minute for minute in range(20))
    for language, said in (("en", "Reply"), ("fr", "Réponse")):
        with speaking(language):
            filled = words_for(zone).fill(piece).decode()
            assert len(words_for(zone)) <= 5
        assert [f":{minute:02d} " in part and said in part for minute, part in enumerate(filled.split("; ")[:-1])] == [
            True
        ] * 20
