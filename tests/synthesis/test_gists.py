"""Gists: one for each text, reworded by whoever comes next, gone with what it sums up; and who is refused what."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app import errors
from app.clock import new_id
from app.contributions import actions as texts
from app.contributions.models import Contribution
from app.database import Database
from app.moderation import erasing
from app.permissions import ANYONE, Actor
from app.readings.held import coding_held
from app.synthesis import gists
from app.synthesis.coding_models import Gist
from app.synthesis.exchange import actions, files
from app.synthesis.exchange.plan import Plan
from app.synthesis.forgetting import remove_outcome
from app.worker import catch_up
from tests.making import BEFORE, Made, decide, make, make_person, say
from tests.synthesis.outcome import entries, make_rapporteur

pytestmark = pytest.mark.anyio


async def write(database: Database, actor: Actor, made: Made, text: Contribution, body: str, **how: Any) -> Gist:
    async with database.writing() as session:
        return await gists.write(session, actor, made.id, text.id, body, **how)


async def there(database: Database) -> list[tuple[str, int]]:
    async with database.writing() as session:
        return [(each.body, each.revision) for each in await session.scalars(select(Gist).order_by(Gist.body))]


async def bring(database: Database, actor: Actor, made: Made, content: str) -> Plan:
    async with database.writing() as session:
        return await actions.take_in(session, actor, made.id, files.read(content.encode()))


async def test_a_gist_from_its_first_words_to_its_end(database: Database) -> None:
    made = await make(database)
    one, two = await make_rapporteur(database, made), made.organiser
    text, other, third = [await say(database, made, title=title) for title in ("One", "Two", "Three")]
    first = await write(database, one, made, text, "  Who\ncounts \t pays. ", seen="")
    assert (first.body, first.revision) == ("Who counts pays.", 1)
    await write(database, one, made, text, "Who counts pays.", seen="")  # a double click
    said = {"contribution": str(text.id), "act": "gist", "person": str(one.person)}
    assert await entries(database, "text.coded") == [said]

    # The next rapporteur rewords it; who did not see that is told, and nothing of theirs is stored.
    await write(database, two, made, text, "Cities count.", seen="Who counts pays.")
    with pytest.raises(errors.Conflict, match="Somebody else"):
        await write(database, one, made, text, "Mine.", seen="Who counts pays.")
    assert await there(database) == [("Cities count.", 1)]
    assert two.person is not None and one.person is not None
    async with database.writing() as session:
        [held] = await coding_held.summed_up_by(session, two.person, None, 20)
        assert (held["gist"], held["revision"]) == ("Cities count.", 1)
        assert await coding_held.summed_up_by(session, one.person, None, 20) == []

    # It names its revision, and the same words may be given to the next one.
    async with database.writing() as session:
        await texts.edit(session, made.participant, text.id, 1, {"body": "Hours, of late."})
    await write(database, one, made, text, "Cities count.")
    assert await there(database) == [("Cities count.", 2)]
    await write(database, one, made, text, "Cities count.", revision=1)

    # What it sums up is destroyed: so is it. What is hidden comes back with it, and what is taken away is gone.
    await write(database, one, made, other, "Other.")
    await write(database, one, made, third, "Third.")
    async with database.writing() as session:
        await erasing.erase_revision(session, made.participant, text.id, 1)
    await decide(database, made, "hide", third.id)
    await catch_up(database, "http://testserver")
    assert await there(database) == [("Other.", 1), ("Third.", 1)]
    async with database.writing() as session:
        await gists.remove(session, two, made.id, other.id)
        with pytest.raises(errors.NotFound):
            await gists.remove(session, two, made.id, other.id)
    assert [each["act"] for each in await entries(database, "text.coded")][-1] == "ungist"
    async with database.writing() as session:
        await erasing.erase(session, made.participant, third.id)
    await catch_up(database, "http://testserver")
    assert await there(database) == []
    await write(database, one, made, text, "Again.")
    async with database.writing() as session:
        await remove_outcome(session, made.id)
    assert await there(database) == []


async def test_who_and_what_is_refused(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    text, waiting = await say(database, made), await say(database, made, topic=BEFORE)
    topics = {made.id: {waiting.topic_id: frozenset({"rapporteur"})}}
    elsewhere = replace(await make_person(database, "Rapporteur T"), topics=topics)
    for actor in (ANYONE, made.participant, made.moderator, elsewhere):
        no = errors.Unauthenticated if actor is ANYONE else errors.Forbidden
        with pytest.raises(no):
            await write(database, actor, made, text, "Mine.")
        async with database.writing() as session:
            with pytest.raises(no):
                await gists.remove(session, actor, made.id, text.id)
    for body in ("", " \n\u200b", "x" * 201, "a\0b", "\ud800"):
        with pytest.raises(errors.Invalid) as caught:
            await write(database, rapporteur, made, text, body)
        assert caught.value.fields.keys() == {"gist"}
    for which, revision in ((waiting.id, None), (new_id(), None), (text.id, 2), (text.id, 2**40)):
        async with database.writing() as session:
            with pytest.raises(errors.NotFound):
                await gists.write(session, rapporteur, made.id, which, "Mine.", revision=revision)
    assert await there(database) == [] and await entries(database, "text.coded") == []


async def test_gists_come_in_as_a_table(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    texts_ = [await say(database, made, title=f"Title {n}") for n in range(3)]
    await write(database, made.organiser, made, texts_[0], "Kept.")
    await write(database, made.organiser, made, texts_[1], "To be reworded.")
    table = (
        "Number;Title;Gist (draft, not public);a. Which, of all, and when?\r\n1;x;Kept.;×\r\n2;x;'=Reworded\r\n"
        f"#3;;New.\r\n3;;Twice.\r\n9;;Nowhere.\r\n2;;\r\n;;No number.\r\n{10**30};;Huge.\r\n"
    )
    plan = await bring(database, rapporteur, made, table)
    assert [(each.words, each.revision, each.rewords) for each in plan.gists] == [
        ("=Reworded", 1, True),
        ("New.", 1, False),
    ]
    assert plan.known_gists == 1 and len(plan.lines) == 4
    assert await there(database) == [("=Reworded", 1), ("Kept.", 1), ("New.", 1)]
    acts = [(each["act"], each["contribution"]) for each in await entries(database, "text.coded")][-2:]
    assert sorted(acts) == sorted(("import", str(each.id)) for each in texts_[1:])
    for again in (
        table,
        "number,gist,revision\n1,Kept.,1\n",
        f"number,gist\n1,{'x' * 201}\n2,\n",
        "number,gist,revision\n1,Of 7,7",
    ):
        with pytest.raises(errors.Conflict):
            await bring(database, rapporteur, made, again)
    for actor in (made.participant, made.moderator):
        with pytest.raises(errors.Forbidden):
            await bring(database, actor, made, "number,gist\n1,Mine.\n")


async def test_a_gist_goes_with_its_revision_while_the_text_is_hidden(database: Database) -> None:
    made = await make(database)
    text = await say(database, made)
    await write(database, await make_rapporteur(database, made), made, text, "Of the first.")
    async with database.writing() as session:
        await texts.edit(session, made.participant, text.id, 1, {"body": "Second."})
    await decide(database, made, "hide", text.id)
    async with database.writing() as session:
        await erasing.erase_revision(session, made.participant, text.id, 1)
    await catch_up(database, "http://testserver")
    assert await there(database) == []
