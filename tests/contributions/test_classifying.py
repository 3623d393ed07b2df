"""Guiding questions said by moderators and rapporteurs: who may, what changes, and that followers see the same."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app import clock, errors
from app.contributions import actions
from app.contributions.classifying import How, classify
from app.contributions.models import Contribution, Revision
from app.database import Database
from app.moderation.deciding import Options
from app.permissions import ANYONE, Actor
from app.readings.discussion.contributions import by_ids
from tests.making import AFTER, BEFORE, Made, curate, decide, make, say
from tests.synthesis.outcome import entries, make_rapporteur

pytestmark = pytest.mark.anyio


async def given(
    database: Database, made: Made, actor: Actor, texts: list[Contribution], *questions: str, how: How = "set"
) -> int:
    """Say it; how many are different now."""
    async with database.writing() as session:
        return await classify(session, actor, made.id, [each.id for each in texts], questions, how)


async def stands(database: Database, text: Contribution) -> tuple[str, ...]:
    """What everyone reads."""
    async with database.reading() as connection:
        return (await by_ids(connection, [text.id]))[text.id].questions


async def test_many_at_once_and_undone_by_saying_it_again(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    one, two = await say(database, made), await say(database, made, questions=(f"{AFTER}.b",))
    assert await given(database, made, rapporteur, [one, two], f"{AFTER}.a", how="add") == 2
    assert await stands(database, one) == (f"{AFTER}.a",) and await stands(database, two) == (
        f"{AFTER}.a",
        f"{AFTER}.b",
    )
    assert await given(database, made, made.moderator, [one, two], f"{AFTER}.a", how="add") == 0
    assert await given(database, made, made.moderator, [one, two], f"{AFTER}.b", how="remove") == 1
    assert await given(database, made, made.organiser, [one, two]) == 2
    assert await stands(database, one) == await stands(database, two) == ()
    public = await entries(database, "contribution.updated")
    assert [each["number"] for each in public] == [1, 2, 2, 1, 2]
    assert all(each["changed"] == ["questions"] and "person" not in each for each in public)
    private = await entries(database, "text.classified")
    assert len(private) == 5 and private[0]["person"] == str(rapporteur.person)
    assert await entries(database, "author.told") == []
    async with database.writing() as session:
        assert [row.number for row in await session.scalars(select(Revision))] == [1, 1]


async def test_who_is_refused_and_what(database: Database) -> None:
    made = await make(database)
    text, elsewhere = await say(database, made), await say(database, made, topic=BEFORE)
    of_a_topic = replace(made.other, topics={made.id: {elsewhere.topic_id: frozenset({"rapporteur"})}})
    for actor in (ANYONE, made.participant, made.other, of_a_topic):
        with pytest.raises(errors.Unauthenticated if actor is ANYONE else errors.Forbidden):
            await given(database, made, actor, [text], f"{AFTER}.a")
    hidden = await say(database, made, title="Hidden")
    await decide(database, made, "hide", hidden.id)
    for texts, questions, field in (
        ([text], (f"{BEFORE}.a",), "questions"),
        ([text], ("\x00",), "questions"),
        ([], (f"{AFTER}.a",), "contributions"),
        ([text, hidden], (f"{AFTER}.a",), "contributions"),
        ([text, elsewhere], (f"{AFTER}.a",), "contributions"),  # which waits
        ([text, Contribution(id=clock.new_id())], (f"{AFTER}.a",), "contributions"),
    ):
        with pytest.raises(errors.Invalid) as caught:
            await given(database, made, made.organiser, texts, *questions)
        assert caught.value.fields.keys() == {field}
    assert await stands(database, text) == () and await entries(database, "contribution.updated") == []


async def test_an_edit_that_waits_keeps_them_unless_its_author_chose_others(database: Database) -> None:
    made = await make(database)
    same, other = await say(database, made, topic=BEFORE), await say(database, made, topic=BEFORE, title="Other")
    for text in (same, other):
        await curate(database, made, "approve", text.id)
    changes: dict[Any, dict[str, Any]] = {same.id: {"title": "Better"}, other.id: {"questions": (f"{BEFORE}.b",)}}
    for text in (same, other):
        async with database.writing() as session:
            await actions.edit(session, made.participant, text.id, 1, changes[text.id])
    assert await given(database, made, made.moderator, [same, other], f"{BEFORE}.a") == 2
    assert await stands(database, same) == await stands(database, other) == (f"{BEFORE}.a",)
    for text in (same, other):
        await curate(database, made, "approve", text.id)
    assert await stands(database, same) == (f"{BEFORE}.a",) and await stands(database, other) == (f"{BEFORE}.b",)


async def test_what_is_moved_to_another_topic_answers_that_ones_questions_alone(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, questions=(f"{AFTER}.a",))
    reply = await say(database, made, parent=said.id, questions=(f"{AFTER}.b",))
    await curate(database, made, "move", said.id, Options(topic=BEFORE))
    for each in (said, reply):
        assert await stands(database, each) == ()
        async with database.writing() as session:  # who edits is not told of questions that they cannot see
            await actions.edit(session, made.participant, each.id, 1, {"body": "An edit."})
