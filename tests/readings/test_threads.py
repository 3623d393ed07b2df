"""A topic's list of threads, as the public reads it."""

import pytest

from app.database import Database
from app.readings.consultations import consultation
from app.readings.discussion import threads
from tests.making import AFTER, BEFORE, make, say

pytestmark = pytest.mark.anyio


async def test_what_was_never_public_is_nowhere(database: Database) -> None:
    made = await make(database)
    await say(database, made, topic=BEFORE)
    async with database.reading() as connection:
        assert await threads.latest(connection, made.id) == []


async def test_a_topic_lists_its_threads_newest_first_by_pages(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make(database)
    for _ in range(5):
        await say(database, made)
    await say(database, made, actor=made.moderator, kind="note", title=None)
    monkeypatch.setattr(threads, "TOPIC_PAGE", 2)
    async with database.reading() as connection:
        topic = (await consultation(connection, made.slug)).topic(AFTER).id
        first = await threads.threads(connection, topic)
        second = await threads.threads(connection, topic, first.next_before)
        assert [root.number for root in (*first.roots, *second.roots)] == [5, 4, 3, 2]
        assert [note.number for note in await threads.latest_notes(connection, topic)] == [6]
