"""Forms that meet another act in the database, and have to stand back for it: they are done after it, and once."""

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select

from app import record
from app.accounts import limits
from app.contributions import writing
from app.contributions.models import Contribution, Revision
from app.database import Database
from tests.contributions.stored import kinds
from tests.contributions.test_at_once import once_it_waits
from tests.making import BEFORE, SLUG, Made, say
from tests.web.conftest import Browse
from tests.web.test_attaching import FORM, PAPER, addresses, filled

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"


async def test_a_merge_meets_one_the_other_way(browse: Browse, database: Database, made: Made) -> None:
    one, two = await say(database, made), await say(database, made)
    moderator = await browse(made.moderator)
    async with database.writing() as session:
        await writing.locked(session, two.id)
        form = {"into": "2", "reason": "It says the same."}
        merging = await once_it_waits(database, moderator.post(f"{C}/1/merge", data=form))
        await writing.locked(session, one.id)
    assert (await merging).headers["location"] == f"{C}/2?done=merge"
    assert (await kinds(database, made))[-2:] == ["decision.made", "contribution.merged"]
    assert (await kinds(database, made)).count("decision.made") == 1
    [standing] = await limits.count_write(database, made.moderator.person)
    assert standing.count == 2  # the form, once, and this question


async def test_a_text_keeps_its_files(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:  # fmt: skip
    parent = await say(database, made)
    author = await browse(made.other)
    async with database.writing() as session:
        await record.append(session, made.id, "decision.made", parent.id)
        form = filled(parent="1", topic="", kind="reply", title="")
        sending = await once_it_waits(database, author.post(FORM, data=form, files=[("files", PAPER)]))
        await session.execute(select(Contribution.id).where(Contribution.id == parent.id).with_for_update())
    assert (await sending).headers["location"] == f"{C}/2?done=tells"
    [address] = addresses((await stranger.get(f"{C}/2")).text)
    assert (await stranger.get(address)).content.startswith(b"PK")
    async with database.writing() as session:
        assert await session.scalar(select(func.count()).select_from(Contribution)) == 2


async def test_a_batch_goes_on_with_what_it_began(browse: Browse, database: Database, made: Made) -> None:
    texts = [await say(database, made, topic=BEFORE, title=title) for title in ("One", "Two")]
    moderator = await browse(made.moderator)
    async with database.writing() as session:
        found = await session.execute(select(Revision.contribution_id, Revision.id))
        items = [f"{row.contribution_id}:{row.id}" for row in found]
    form = {"together": "approve", "item": items, "do": "do"}
    async with database.writing() as session:
        await record.append(session, made.id, "decision.made", made.id)
        deciding = await once_it_waits(database, moderator.post(f"{C}/moderate/batch", data=form))
        for text in texts:
            await writing.locked(session, text.id)
    answer = await deciding
    assert answer.status_code == 303 and answer.headers["location"].endswith("?done=approve")
    assert (await kinds(database, made)).count("contribution.published") == 2
