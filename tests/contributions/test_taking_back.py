"""Taking back: withdrawing leaves the text to its author, erasing leaves nothing; and nobody does it for another."""

from dataclasses import replace

import pytest

from app import errors
from app.contributions import actions
from app.database import Database
from app.moderation import erasing
from app.permissions import ANYONE
from tests.contributions.stored import document, kinds, revisions, stored
from tests.making import AFTER, BEFORE, make, say

pytestmark = pytest.mark.anyio


async def test_withdrawing_leaves_the_number_and_takes_the_text_out(database: Database) -> None:
    made = await make(database)
    root = await say(database, made)
    reply = await say(database, made, parent=root.id)
    async with database.writing() as session:
        await actions.withdraw(session, made.participant, reply.id)
    assert await document(database, reply.id) is None
    assert ((await document(database, root.id)) or {})["replies"] == 0
    assert (await stored(database, reply.id)).number == 2
    assert (await kinds(database, made))[-1] == "contribution.withdrawn"
    with pytest.raises(errors.Conflict, match="takes no replies"):
        await say(database, made, parent=reply.id)


async def test_erasing_destroys_texts_salts_and_bylines(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "More."})
        await erasing.erase(session, made.participant, said.id)
    for revision in await revisions(database, said.id):
        assert (revision.state, revision.body, revision.html, revision.title, revision.salt) == ("erased", *[None] * 4)
        assert revision.hash and revision.author_name is None
    assert (await stored(database, said.id)).author_id is None
    assert await document(database, said.id) is None
    assert (await kinds(database, made))[-1] == "contribution.erased"


async def test_an_organiser_erases_with_a_reason_only(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    with pytest.raises(errors.Invalid, match="reason"):
        async with database.writing() as session:
            await erasing.erase(session, made.organiser, said.id)
    async with database.writing() as session:
        await erasing.erase(session, made.organiser, said.id, "A court asked for it.")
    assert await kinds(database, made, "staff") == ["text.erased"]


async def test_one_earlier_revision_is_erased_and_the_text_stays(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "More."})
        await erasing.erase_revision(session, made.participant, said.id, 1)
    first, second = await revisions(database, said.id)
    assert (first.state, first.body, first.visible, second.body) == ("erased", None, False, "More.")
    assert (await kinds(database, made))[-1] == "contribution.redacted"
    with pytest.raises(errors.Conflict, match="current text"):
        async with database.writing() as session:
            await erasing.erase_revision(session, made.participant, said.id, 2)


@pytest.mark.parametrize("topic", [BEFORE, AFTER])
@pytest.mark.parametrize("act", ["edit", "lower_byline", "withdraw", "erase", "erase_revision"])
async def test_nobody_else_acts_on_a_text(database: Database, act: str, topic: str) -> None:
    made = await make(database)
    said = await say(database, made, topic=topic)
    arguments = {"edit": (1, {"body": "x"}), "lower_byline": ("anonymous",), "erase_revision": (1,)}.get(act, ())
    waits = topic == BEFORE
    for actor, error in (
        (ANYONE, errors.NotFound if waits else errors.Unauthenticated),
        (made.other, errors.NotFound if waits else errors.Forbidden),
        (made.moderator, errors.Forbidden),
        (replace(made.participant, scopes=frozenset({"read"})), errors.Forbidden),
    ):
        with pytest.raises(error):
            async with database.writing() as session:
                await getattr(erasing if act.startswith("erase") else actions, act)(session, actor, said.id, *arguments)
    assert len(await revisions(database, said.id)) == 1
