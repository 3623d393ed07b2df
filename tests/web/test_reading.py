"""What anyone may read: the pages are there, gaps are said in words, and nothing that waits shows anywhere."""

import re
from itertools import count

import pytest
from httpx import AsyncClient

from app.contributions import actions
from app.database import Database
from app.moderation import erasing
from app.readings.discussion import thread
from app.web.kit import assets
from tests.counting import counted
from tests.making import AFTER, BEFORE, SLUG, Made, decide, say
from tests.web.conftest import Browse
from tests.web.pages import heading, numbers, title
from tests.web.prose import TWENTY

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
PAGES = (
    C, f"{C}/topics/{BEFORE}", f"{C}/topics/{AFTER}", f"{C}/record", f"{C}/contribute", f"{C}/contribute?topic={AFTER}",
    "/about/privacy", "/about/rules", "/developers", "/sign-in",
)  # fmt: skip


async def test_every_public_page_is_there_and_names_itself(stranger: AsyncClient) -> None:
    seen = set()
    for path in PAGES:
        answer = await stranger.get(path)
        assert answer.status_code == 200, path
        assert heading(answer), path
        assert 'style="' not in answer.text and not re.search('<script(?! src="/static/)', answer.text), path
        seen.add(title(answer))
    assert len(seen) >= len(PAGES) - 1, "pages have titles of their own"


async def test_the_front_page_goes_straight_to_the_only_consultation(stranger: AsyncClient) -> None:
    answer = await stranger.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, C)


async def test_the_consultation_page_has_what_people_look_for(stranger: AsyncClient) -> None:
    page = (await stranger.get(C)).text
    for words in (
        "the way to the Mayoral Forum", "UNITAR", "New York time", "Strengthening the Migration-Development Nexus",
        "29–30 Sept 2016", "Creative Commons Attribution", "Barcelona", "26 Jul\u2009–\u200916 Sept 2016",
        "Open</strong>",
    ):  # fmt: skip
        assert words in page, words


async def test_a_thread_reads_in_order_with_its_gaps_in_words(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    root = await say(database, made, title="Pay the associations", questions=(f"{AFTER}.a",))
    reply = await say(database, made, parent=root.id, body="Hidden words.")
    beneath = await say(database, made, parent=reply.id)
    other = await say(database, made, parent=root.id)
    await decide(database, made, "hide", reply.id)

    page = await stranger.get(f"{C}/1")
    assert numbers(page) == [1, 2, 3, 4]
    assert heading(page) == "Pay the associations"
    assert "Hidden on" in page.text and "rule 1, Speak to the subject" in page.text
    assert "Because of a rule." in page.text
    assert (beneath.number, other.number) == (3, 4)

    gone = await stranger.get(f"{C}/2")
    assert gone.status_code == 410
    assert "Hidden on" in gone.text and "Hidden words." not in gone.text

    focus = await stranger.get(f"{C}/3")
    assert numbers(focus) == [2, 3], "what it replies to, itself"
    assert heading(focus) == "Pay the associations"


async def test_a_withdrawn_and_an_erased_text_are_gone_for_good(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    first, second = [await say(database, made, title=f"Mine {n}", body="Secret words.") for n in (1, 2)]
    async with database.writing() as session:
        await actions.withdraw(session, made.participant, first.id)
        await erasing.erase(session, made.participant, second.id)
    for path in (f"{C}/1", f"{C}/2"):
        answer = await stranger.get(path)
        assert answer.status_code == 410
        assert "Secret" not in answer.text and "Mine" not in answer.text
        assert answer.headers["cache-control"] == "private, no-store"


async def test_what_waits_shows_nowhere(stranger: AsyncClient, database: Database, made: Made) -> None:
    waiting = await say(database, made, topic=BEFORE, title="Unseen title", body="Unseen body")
    for path in (*PAGES, f"{C}/1", f"{C}/{waiting.id}", f"{C}/{waiting.id}/edit"):
        answer = await stranger.get(path)
        assert "Unseen" not in answer.text, path
    assert (await stranger.get(f"{C}/{waiting.id}")).status_code == 404
    assert (await stranger.get(f"{C}/1")).status_code == 404


async def test_its_author_sees_what_waits_marked_so(browse: Browse, database: Database, made: Made) -> None:
    waiting = await say(database, made, topic=BEFORE, title="Still unseen")
    author = await browse(made.participant)
    assert "Waits for a moderator" in (await author.get(f"{C}/{waiting.id}")).text
    listed = await author.get(f"{C}/topics/{BEFORE}")
    assert "Still unseen" in listed.text and listed.headers["cache-control"] == "private, no-store"
    assert (await (await browse(made.other)).get(f"{C}/{waiting.id}")).status_code == 404


async def test_what_does_not_exist_is_said_kindly(stranger: AsyncClient) -> None:
    for path in (
        f"{C}/999",
        f"{C}/topics/none",
        "/c/none",
        "/none",
        f"{C}/99999999999999999999",
        f"{C}/%00",
        f"{C}/1?after=x",
    ):
        answer = await stranger.get(path)
        assert answer.status_code == 404, path
        assert "text/html" in answer.headers["content-type"]


async def test_a_long_thread_is_read_a_hundred_at_a_time(stranger: AsyncClient, database: Database, made: Made) -> None:
    root = await say(database, made)
    for _ in range(101):
        await say(database, made, parent=root.id)
    first = await stranger.get(f"{C}/1")
    assert numbers(first) == list(range(1, 102))
    assert f'href="{C}/1?after=101"' in first.text
    assert numbers(await stranger.get(f"{C}/1?after=101")) == [102]


async def test_a_thread_is_folded_to_its_direct_replies(
    stranger: AsyncClient, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = await say(database, made)
    first = await say(database, made, parent=root.id)
    flat = await stranger.get(f"{C}/1")
    assert "replies=direct" not in flat.text  # there is nothing to fold
    await say(database, made, parent=first.id)
    await say(database, made, parent=root.id)
    whole = await stranger.get(f"{C}/1")
    assert numbers(whole) == [1, 2, 3, 4] and f'href="{C}/1?replies=direct#replies"' in whole.text
    folded = await stranger.get(f"{C}/1?replies=direct")
    assert numbers(folded) == [1, 2, 4] and f'href="{C}/1#replies"' in folded.text
    monkeypatch.setattr(thread, "PAGE", 1)
    assert f'href="{C}/1?replies=direct&amp;after=2"' in (await stranger.get(f"{C}/1?replies=direct&a=b")).text


async def test_twenty_contributions_with_their_style_stay_under_14_kilobytes(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    first, *replies = TWENTY
    root = await say(database, made, title="Twenty", body=first)
    for reply in replies:
        await say(database, made, parent=root.id, body=reply)
    for _ in range(2):
        page = await stranger.get(f"{C}/1", headers={"Accept-Encoding": "gzip"})
        wire = int(page.headers["content-length"]) + len(assets.ASSETS["plenary.css"].compressed)
        assert page.headers["content-encoding"] == "gzip"
        assert wire < 14_000, f"{wire} bytes"


async def test_the_number_of_queries_does_not_grow(
    stranger: AsyncClient, browse: Browse, client: AsyncClient, database: Database, made: Made
) -> None:
    reader = await browse(made.other)
    await stranger.get(f"{C}/record")  # the key that the record is signed with is read once
    root = await say(database, made)
    served: Database = client._transport.app.state.database  # type: ignore[attr-defined]

    async def queries(browser: AsyncClient, path: str) -> int:
        async with counted(served) as seen:
            assert (await browser.get(f"{path}?address={next(addresses)}")).status_code == 200
        return len(seen)

    addresses = count()  # which nobody has asked for before: none is answered from the cache
    paths = (C, f"{C}/topics/{AFTER}", f"{C}/1", f"{C}/record")
    await stranger.get(f"{C}/contribute")  # what the consultation says of itself is read once
    before = [await queries(browser, path) for browser in (stranger, reader) for path in paths]
    for _ in range(8):
        reply = await say(database, made, parent=root.id)
        await say(database, made)
    await decide(database, made, "hide", reply.id)
    after = [await queries(browser, path) for browser in (stranger, reader) for path in paths]
    assert after == before
    assert 1 <= min(after) <= max(after) <= 13
