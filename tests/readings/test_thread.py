"""Threads as the public reads them: order, pages, gaps, and a fixed number of queries."""

import re
from typing import Any

import pytest

from app import errors
from app.contributions import actions
from app.database import Database
from app.readings import consultations, versions
from app.readings.consultation_views import ConsultationView
from app.readings.discussion import thread
from app.readings.discussion.thread import ThreadPage
from tests.counting import counted
from tests.making import BEFORE, Made, decide, make, say

pytestmark = pytest.mark.anyio


async def page(database: Database, made: Made, number: int, after: int | None = None) -> ThreadPage:
    return (await thread.page(database, made.slug, number, after))[1]


def listed(found: ThreadPage) -> list[tuple[int, int]]:
    """Number and depth of all that is beneath."""
    return list(zip(found.beneath.numbers, found.beneath.depths, strict=True))


async def grown(database: Database, made: Made) -> None:
    """1 ── 2 ── 4, 1 ── 3 ── 5 ── 6."""
    ids = {1: (await say(database, made)).id}
    for number, parent in ((2, 1), (3, 1), (4, 2), (5, 3), (6, 5)):
        ids[number] = (await say(database, made, parent=ids[parent])).id


async def test_a_thread_is_read_from_the_top_down(database: Database) -> None:
    made = await make(database)
    await grown(database, made)
    whole = await page(database, made, 1)
    assert whole.focus.number == 1
    assert listed(whole) == [(2, 1), (4, 2), (3, 1), (5, 2), (6, 3)]
    pieces = whole.beneath.pieces
    assert re.findall(rb'<a href="/c/[a-z0-9-]+/(\d+)">', pieces) == [b"1", b"2", b"1", b"3", b"5"]
    assert re.findall(rb"\x1f(item|end):(.*?)\x1f", pieces)[:4] == [
        (b"item", b"reply 1"), (b"end", b""), (b"item", b"reply 2"), (b"end", b""),
    ]  # fmt: skip


async def test_a_reply_is_shown_with_its_root_its_parent_and_what_is_beneath(database: Database) -> None:
    made = await make(database)
    await grown(database, made)
    part = await page(database, made, 5)
    assert part.parent is not None
    assert (part.root.number, part.parent.number, part.focus.number) == (1, 3, 5)
    assert part.beneath.numbers == [6]
    assert (await page(database, made, 2)).beneath.numbers == [4]


async def test_pages_of_a_thread_make_the_whole(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await make(database)
    await grown(database, made)
    monkeypatch.setattr(thread, "PAGE", 2)
    seen: list[int] = []
    after: int | None = None
    while True:
        part = await page(database, made, 1, after)
        assert part.first == (after is None)
        seen += part.beneath.numbers
        assert re.findall(rb' id="n(\d+)"', part.beneath.pieces) == [b"%d" % each for each in part.beneath.numbers]
        assert part.beneath.pieces.endswith(b"\x1fend:\x1f")
        after = part.next_after
        if after is None:
            break
    assert seen == [2, 4, 3, 5, 6]


async def test_a_hidden_text_leaves_a_gap_with_its_reason(database: Database) -> None:
    made = await make(database)
    root = await say(database, made)
    hidden = await say(database, made, parent=root.id, body="Unkind words.")
    await say(database, made, parent=hidden.id)
    await decide(database, made, "hide", hidden.id)
    whole = await page(database, made, 1)
    gap = whole.beneath.gaps[2]
    assert b"\x1fitem:gap 2\x1f\x1fitem:reply 2\x1f" in whole.beneath.pieces
    assert (gap.number, gap.status, gap.rule, gap.reason, gap.html) == (2, "hidden", "1", "Because of a rule.", "")
    assert whole.beneath.numbers == [2, 3]
    async with database.writing() as session:
        await actions.withdraw(session, made.participant, root.id)
    assert (await page(database, made, 1)).focus.status == "withdrawn"


async def test_what_was_never_public_is_nowhere(database: Database) -> None:
    made = await make(database)
    await say(database, made, topic=BEFORE)
    with pytest.raises(errors.NotFound):
        await page(database, made, 1)


async def test_a_page_takes_the_same_queries_whatever_its_size(database: Database) -> None:
    made = await make(database)
    root = await say(database, made)
    await page(database, made, 1)  # what the consultation says of itself is read once
    async with counted(database) as small:
        await page(database, made, 1)
    for _ in range(12):
        reply = await say(database, made, parent=root.id)
    await decide(database, made, "hide", reply.id)
    async with counted(database) as large:
        await page(database, made, 1)
    assert len(small) == len(large) == 1


async def test_the_deepest_is_reached_from_the_top_and_its_replies_from_it(database: Database) -> None:
    made = await make(database)
    last = await say(database, made)
    for _ in range(55):
        last = await say(database, made, parent=last.id)
    whole = await page(database, made, 1)
    assert whole.beneath.numbers == list(range(2, 57))
    assert (await page(database, made, 53)).beneath.numbers == [54]


async def test_a_page_and_what_the_consultation_says_of_itself_are_of_one_state(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make(database)
    await grown(database, made)
    reply = await say(database, made, parent=(await page(database, made, 1)).focus.id)
    async with database.reading() as connection:
        size = (await versions.version(connection, made.slug)).size
    read = consultations.consultation

    async def slowly(*where: Any) -> ConsultationView:
        found = await read(*where)
        await decide(database, made, "hide", reply.id)
        return found

    consultations._READ.clear()
    monkeypatch.setattr(consultations, "consultation", slowly)
    consultation, found = await thread.page(database, made.slug, 1)
    assert consultation.size == size
    assert found.beneath.numbers[-1] == reply.number and not found.beneath.gaps
    assert found.focus.replies == 3
    assert (await page(database, made, 1)).beneath.gaps.keys() == {reply.number}
