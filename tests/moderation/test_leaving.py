"""Closing an account: texts erased, or kept without a name."""

import pytest
from sqlalchemy import func, select

from app import errors
from app.contributions import actions, drafts
from app.contributions.models import Author, Draft
from app.database import Database
from app.moderation import erasing
from tests.contributions.stored import document, kinds, revisions, stored
from tests.making import BEFORE, decide, make, say

pytestmark = pytest.mark.anyio


async def test_all_texts_are_erased(database: Database) -> None:
    made = await make(database)
    texts = [await say(database, made), await say(database, made, topic=BEFORE)]
    other = await say(database, made, actor=made.other)
    async with database.writing() as session:
        await drafts.keep_draft(session, made.participant, None, made.id, {"body": "Not sent."})
        assert await erasing.erase_all_by(session, made.participant, made.participant.person or other.id) == 2
    for text in texts:
        assert (await stored(database, text.id)).status == "erased"
        assert {revision.body for revision in await revisions(database, text.id)} == {None}
    assert await document(database, other.id) is not None
    assert (await kinds(database, made))[-1] == "contribution.erased"
    async with database.writing() as session:
        assert await session.scalar(select(func.count()).select_from(Draft)) == 0
        mine = select(func.count()).where(Author.person_id == made.participant.person)
        assert await session.scalar(mine) == 0


async def test_published_texts_stay_without_a_name(database: Database) -> None:
    made = await make(database)
    public, waiting = await say(database, made), await say(database, made, topic=BEFORE)
    edited = await say(database, made, topic=BEFORE)
    await decide(database, made, "approve", edited.id, (await revisions(database, edited.id))[0].id)
    async with database.writing() as session:
        await actions.edit(session, made.participant, edited.id, 1, {"body": "Signed: Participant A."})
        assert await erasing.keep_all_anonymous(session, made.participant, made.participant.person or public.id) == 2
    for text in (public, edited):
        shown = await document(database, text.id) or {}
        assert (shown["byline"], shown["author"], shown["organisation"], shown["body"]) == (
            "anonymous",
            None,
            None,
            "Text.",
        )
    assert [revision.body for revision in await revisions(database, edited.id)] == ["Text.", None]
    assert (await stored(database, waiting.id)).status == "erased"


async def test_nobody_closes_another_ones_account(database: Database) -> None:
    made = await make(database)
    await say(database, made)
    for actor in (made.other, made.moderator, made.organiser):
        for act in (erasing.erase_all_by, erasing.keep_all_anonymous):
            with pytest.raises(errors.Forbidden):
                async with database.writing() as session:
                    await act(session, actor, made.participant.person or made.id)
