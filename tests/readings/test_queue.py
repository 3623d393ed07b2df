"""How the queue is read: by what waits, however many contributions there are beside it."""

import pytest
from sqlalchemy import text

from app.database import Database
from app.readings.moderation import queue_query
from tests import plans
from tests.making import AFTER, BEFORE, make, say

pytestmark = pytest.mark.anyio


async def test_of_what_does_not_wait_nothing_is_read(database: Database) -> None:
    made = await make(database)
    for number in range(8):
        await say(database, made, topic=AFTER, title=f"Public text {number}")
    await say(database, made, topic=BEFORE, title="A text that waits")
    async with database.writing() as session:
        await session.execute(text("SET LOCAL join_collapse_limit = 1"))  # as the query has its tables
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        for query in (
            queue_query.queue_of(made.id, queue_query.Asked(), 48),
            queue_query.counts_of(made.id, queue_query.Asked(), 48),
            queue_query.choices_of(made.id, None),
        ):
            steps = await plans.steps_of(session, query)
            assert plans.rows_read(steps, "revisions") < 8, query
