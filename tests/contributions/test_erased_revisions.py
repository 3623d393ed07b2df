"""An edit that was not accepted and is erased: what stands keeps its byline, and nothing of the edit stays."""

from typing import Any

import pytest

from app import errors
from app.contributions import actions, classifying
from app.contributions.models import Contribution
from app.database import Database
from app.moderation import erasing
from app.moderation.deciding import Options
from tests.contributions.stored import document, revisions, stored
from tests.contributions.test_attaching import PHOTO, edit, rows
from tests.making import AFTER, BEFORE, Made, curate, make, say

pytestmark = pytest.mark.anyio


async def edited_in_vain(database: Database, **changes: Any) -> tuple[Made, Contribution]:
    """A public text, and an edit of it that was not accepted."""
    made = await make(database)
    said = await say(database, made, topic=BEFORE)
    await curate(database, made, "approve", said.id)
    await edit(database, made, said.id, **(changes or {"body": "Second."}))
    await curate(database, made, "reject", said.id)
    return made, said


async def erase_revision(database: Database, made: Made, said: Contribution, number: int) -> None:
    async with database.writing() as session:
        await erasing.erase_revision(session, made.participant, said.id, number)


async def test_the_byline_of_what_stands_can_still_be_lowered(database: Database) -> None:
    made, said = await edited_in_vain(database)
    await erase_revision(database, made, said, 2)
    async with database.writing() as session:
        await actions.lower_byline(session, made.participant, said.id, "anonymous")
    shown = await document(database, said.id) or {}
    assert (shown["byline"], shown["author"], shown["organisation"]) == ("anonymous", None, None)


async def test_who_leaves_leaves_no_name(database: Database) -> None:
    made, said = await edited_in_vain(database)
    await erase_revision(database, made, said, 2)
    async with database.writing() as session:
        await erasing.keep_all_anonymous(session, made.participant, made.participant.person or said.id)
    assert "Participant A" not in str(await document(database, said.id))


async def test_the_next_edit_begins_with_what_is_left(database: Database) -> None:
    made, said = await edited_in_vain(database)
    await erase_revision(database, made, said, 2)
    await edit(database, made, said.id, body="Third.")
    third = (await revisions(database, said.id))[-1]
    assert (third.number, third.title, third.byline, third.author_name) == (3, "A proposal", "full", "Participant A")


async def test_its_files_are_destroyed(database: Database) -> None:
    made, said = await edited_in_vain(database, files=(PHOTO,))
    assert len(await rows(database)) == 1  # its author may appeal
    await erase_revision(database, made, said, 2)
    assert await rows(database) == []


async def test_the_files_of_an_edit_that_a_redaction_destroys_go_with_it(database: Database) -> None:
    made, said = await edited_in_vain(database, files=(PHOTO,))
    await curate(database, made, "redact", said.id, Options(passage="Text."))
    assert [each.state for each in await revisions(database, said.id)] == ["erased", "erased", "public"]
    assert await rows(database) == []


async def test_it_is_classified_no_more(database: Database) -> None:
    made, said = await edited_in_vain(database)
    await erase_revision(database, made, said, 2)
    async with database.writing() as session:
        assert await classifying.classify(session, made.moderator, made.id, [said.id], [f"{BEFORE}.a"]) == 1
    assert [each.questions for each in await revisions(database, said.id)] == [[f"{BEFORE}.a"], []]


async def test_all_that_is_left_of_a_text_is_erased_as_a_whole_only(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, topic=BEFORE)
    await curate(database, made, "reject", said.id)
    with pytest.raises(errors.Conflict, match="whole contribution"):
        await erase_revision(database, made, said, 1)
    assert (await stored(database, said.id)).status == "rejected"
    kept = await say(database, made, topic=AFTER)
    with pytest.raises(errors.Conflict, match="current text"):
        await erase_revision(database, made, kept, 1)
