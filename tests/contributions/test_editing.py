"""Editing and signing differently: each is a new state that the record knows, and nobody's words are overwritten."""

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from app import errors
from app.contributions import actions
from app.database import Database
from tests.contributions.stored import document, kinds, revisions, stored
from tests.making import BEFORE, curate, decide, make, say

pytestmark = pytest.mark.anyio


async def test_an_edit_is_a_new_revision_with_its_own_commitment(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "Better text."})
    public = await document(database, said.id) or {}
    assert (public["revision"], public["body"]) == (2, "Better text.")
    first, second = await revisions(database, said.id)
    assert (first.state, first.visible, second.state) == ("superseded", True, "public")
    assert first.hash != second.hash and public["commitment"]["hash"] == second.hash.hex()
    assert await kinds(database, made) == ["contribution.published", "contribution.revised"]


async def test_an_edit_waits_while_the_public_text_stays(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, topic=BEFORE)
    [waiting] = await revisions(database, said.id)
    await decide(database, made, "approve", said.id, waiting.id)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "Second thoughts."})
    public = await document(database, said.id) or {}
    assert (public["revision"], public["body"]) == (1, "Text.")
    assert (await stored(database, said.id)).waits_since is not None
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 2, {"body": "Third thoughts."})
    states = [(revision.state, revision.visible) for revision in await revisions(database, said.id)]
    assert states == [("public", True), ("superseded", False), ("waiting", False)]


async def test_the_next_edit_begins_with_what_stands_and_not_with_one_that_was_rejected(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, topic=BEFORE)
    await curate(database, made, "approve", said.id)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "Not accepted."})
    await curate(database, made, "reject", said.id)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 2, {"title": "Another title"})
    newest = (await revisions(database, said.id))[-1]
    assert (newest.number, newest.state, newest.title, newest.body) == (3, "waiting", "Another title", "Text.")


async def test_an_edit_of_what_was_edited_meanwhile_is_refused_and_nothing_is_lost(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "One window."})
    with pytest.raises(errors.PreconditionFailed, match="latest is 2"):
        async with database.writing() as session:
            await actions.edit(session, made.participant, said.id, 1, {"body": "Another window."})
    assert len(await revisions(database, said.id)) == 2


async def test_an_edit_that_changes_nothing_makes_no_revision(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": " Text.\r\n"})
    assert len(await revisions(database, said.id)) == 1


async def test_a_byline_is_lowered_on_all_revisions_and_never_raised(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "More."})
        await actions.lower_byline(session, made.participant, said.id, "anonymous")
    for revision in await revisions(database, said.id):
        assert (revision.byline, revision.author_id, revision.author_name) == ("anonymous", None, None)
        assert (revision.organisation_name, revision.organisation_country, revision.capacity) == (
            None,
            None,
            "personal",
        )
    public = await document(database, said.id) or {}
    assert (public["byline"], public["author"], public["organisation"]) == ("anonymous", None, None)
    assert (await kinds(database, made))[-1] == "contribution.updated"
    with pytest.raises(errors.Invalid, match="not raised"):
        async with database.writing() as session:
            await actions.lower_byline(session, made.participant, said.id, "full")


async def test_an_edit_can_lower_the_byline_too(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "More.", "byline": "organisation"})
    assert {revision.byline for revision in await revisions(database, said.id)} == {"organisation"}
    assert await kinds(database, made) == ["contribution.published", "contribution.updated", "contribution.revised"]


async def test_a_revision_number_is_given_once(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)

    async def change(words: str) -> None:
        async with database.writing() as session:
            await actions.edit(session, made.participant, said.id, 1, {"body": words})

    results = await asyncio.gather(*(change(f"Version {n}") for n in range(4)), return_exceptions=True)
    assert sum(isinstance(result, errors.PreconditionFailed) for result in results) == 3
    assert not any(isinstance(result, IntegrityError) for result in results)
