"""Whether a text may be deposited: asked at posting and editing, changed at any time, told to its author only."""

import pytest
from sqlalchemy import select

from app import errors
from app.contributions import actions, depositing
from app.contributions.models import Deposit
from app.database import Database
from app.moderation import erasing
from app.permissions import ANYONE
from app.record.models import Entry
from tests.making import BEFORE, Made, make, say

pytestmark = pytest.mark.anyio


async def kept(database: Database) -> dict[object, object]:
    """Which texts may be deposited, and who said so."""
    async with database.writing() as session:
        return {each.contribution_id: each.person_id for each in await session.scalars(select(Deposit))}


async def notes(database: Database, made: Made) -> list[bool]:
    """For each note that an answer changed, whether it is public."""
    async with database.writing() as session:
        found = await session.scalars(select(Entry).where(Entry.kind == "text.updated").order_by(Entry.seq))
        return [entry.public for entry in found if entry.payload["changed"] == ["deposit"]]


async def test_a_choice_of_the_author_alone(database: Database) -> None:
    made = await make(database)
    no, yes = await say(database, made), await say(database, made, deposit=True)
    waits = await say(database, made, topic=BEFORE, deposit=False)
    await say(database, made, actor=made.other)
    assert await kept(database) == {yes.id: made.participant.person}
    assert await notes(database, made) == []
    for actor, refusal in ((made.other, errors.Forbidden), (made.moderator, errors.Forbidden),
                           (ANYONE, errors.Unauthenticated)):  # fmt: skip
        with pytest.raises(refusal):
            async with database.writing() as session:
                await depositing.change(session, actor, no.id, agreed=True)
    with pytest.raises(errors.NotFound):
        async with database.writing() as session:
            await depositing.change(session, made.other, waits.id, agreed=True)
    with pytest.raises(errors.Forbidden):
        async with database.writing() as session:
            await depositing.change_all(session, made.other, made.participant.person, agreed=True)  # type: ignore[arg-type]
    async with database.writing() as session:
        await depositing.change(session, made.participant, yes.id, agreed=True)  # as it was: nothing to tell
        await depositing.change(session, made.participant, yes.id, agreed=False)
        await actions.edit(session, made.participant, no.id, 1, {"deposit": True})
        await actions.edit(session, made.participant, waits.id, 1, {"body": "Other words.", "deposit": True})
    assert await kept(database) == dict.fromkeys((no.id, waits.id), made.participant.person)
    assert await notes(database, made) == [False] * 3
    async with database.writing() as session:
        assert await depositing.change_all(session, made.participant, made.participant.person, agreed=False) == 2  # type: ignore[arg-type]
        assert await depositing.change_all(session, made.participant, made.participant.person, agreed=True) == 3  # type: ignore[arg-type]
    assert len(await kept(database)) == 3


async def test_it_goes_with_the_text_and_with_the_person(database: Database) -> None:
    made = await make(database)
    first, second = await say(database, made, deposit=True), await say(database, made, deposit=True)
    theirs = await say(database, made, actor=made.other, deposit=True)
    async with database.writing() as session:
        await erasing.erase(session, made.participant, first.id)
    assert set(await kept(database)) == {second.id, theirs.id}
    with pytest.raises(errors.Forbidden):  # nobody is its author any more
        async with database.writing() as session:
            await depositing.change(session, made.participant, first.id, agreed=True)
    assert made.other.person is not None and made.participant.person is not None
    async with database.writing() as session:
        await erasing.keep_all_anonymous(session, made.other, made.other.person)
        await erasing.erase_all_by(session, made.participant, made.participant.person)
    assert await kept(database) == {}
