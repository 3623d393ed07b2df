"""Making, editing and announcing a consultation: what changes, what the record says, and what is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app import clock, errors
from app.accounts.actors import actor_of_person
from app.accounts.private_consultations import why_private
from app.consultations.actions import load_definition
from app.consultations.carrying import carried
from app.consultations.definition import Definition, parse
from app.consultations.drafting import drafted, written
from app.consultations.models import Consultation
from app.consultations.phasing import PhaseChange, change_phase
from app.consultations.setting_up import Edit, announce, create, edit
from app.consultations.starting import Start, as_copy, from_scratch
from app.consultations.stored import definition_of, fingerprint
from app.consultations.toml_file import toml
from app.database import Database
from app.permissions import ANYONE, Actor
from app.readings.consultations import consultation
from app.record.models import Entry
from tests.making import AFTER, DEFINITIONS, SLUG, Made, make, say

pytestmark = pytest.mark.anyio

FOUNDING = parse((DEFINITIONS / f"{SLUG}.toml").read_text())
START = Start("housing", "Housing", "Sample network", "h@plenary.invalid", ("fr", "ar"), "Europe/Paris", None, None)


def new(**more: Any) -> Definition:
    """A definition that hinders nothing, in French and Arabic, open for three weeks from tomorrow."""
    opens = clock.now().date() + timedelta(days=1)
    raw = from_scratch(START) | {
        "phases": [{"name": "open", "starts": opens}, {"name": "closed", "starts": opens + timedelta(days=21)}],
        "summary": "A sample.", "purpose": "To test.",
        "topics": [{"slug": "rent", "title": "Rent", "background": "Rents rise.", "policy": "after",
                    "questions": [{"key": "a", "text": "Who helps?"}, {"key": "b", "text": "Who pays?"}]}],
    }  # fmt: skip
    return drafted(raw | more)


async def made_by(database: Database, actor: Actor, definition: Definition) -> tuple[UUID, Actor]:
    """The consultation in preparation, and its maker, who organises it now."""
    async with database.writing() as session:
        id = await create(session, actor, definition)
        assert actor.person
        return id, await actor_of_person(session, actor.person)


async def change(database: Database, actor: Actor, id: UUID, *, let_go: bool = False, **fields: Any) -> list[str]:
    """Edit these fields as they stand."""
    async with database.writing() as session:
        based_on = fingerprint(await definition_of(session, id), fields.keys())
        return await edit(session, actor, id, Edit(fields, based_on, let_go, {"ar": 2}))


async def told(database: Database, id: UUID) -> list[tuple[str, Any]]:
    """Kinds of the entries of a record, and what changed."""
    async with database.reading() as connection:
        rows = await connection.execute(
            select(Entry.kind, Entry.payload).where(Entry.record_id == id).order_by(Entry.seq)
        )
        return [(row.kind, row.payload.get("changed")) for row in rows]


@contextmanager
def refused(field: str, words: str) -> Iterator[None]:
    with pytest.raises(errors.Invalid) as caught:
        yield
    assert words in caught.value.fields[field], caught.value.fields


async def test_who_makes_one_organises_it_and_nobody_else_sees_it_until_it_is_announced(database: Database) -> None:
    made = await make(database)
    for actor in (ANYONE, made.participant, made.moderator):
        with pytest.raises((errors.Unauthenticated, errors.Forbidden)):
            await made_by(database, actor, new())
    id, maker = await made_by(database, made.organiser, new())
    assert maker.roles[id] == {"organiser"} and id in maker.admitted
    async with database.writing() as session:
        granted = select(Entry.payload).where(Entry.kind == "role.granted").order_by(Entry.seq.desc()).limit(1)
        assert await session.scalar(granted) == {
            "person": str(maker.person), "role": "organiser", "consultation": str(id)
        }  # fmt: skip
        assert await why_private(session, id) == "preparing"
    with refused("slug", "taken"):
        await made_by(database, made.organiser, new())
    async with database.reading() as connection:
        with pytest.raises(errors.NotFound):
            await consultation(connection, "housing")
    with pytest.raises(errors.Closed, match="in preparation"):
        await say(database, Made(id, "housing", maker, maker, maker, maker), topic="rent")
    with pytest.raises(errors.Conflict, match="in preparation"):
        async with database.writing() as session:
            await change_phase(session, maker, id, PhaseChange("open", "Now."))
    before = await told(database, id)
    async with database.writing() as session:
        await announce(session, maker, id)
        await announce(session, maker, id)
    assert (await told(database, id))[len(before) :] == [("consultation.updated", ["announced"])]
    async with database.reading() as connection:
        assert (await consultation(connection, "housing")).announced is not None


async def test_what_is_not_ready_is_not_announced_and_a_private_one_stays_private(database: Database) -> None:
    made = await make(database)
    past = clock.now().date() - timedelta(days=9)
    raw = from_scratch(START) | {
        "phases": [{"name": "open", "starts": past}, {"name": "closed", "starts": clock.now()}]
    }
    id, maker = await made_by(database, made.organiser, drafted(raw))
    with pytest.raises(errors.Conflict, match=r"purpose.*first topic.*closing date has passed"):
        async with database.writing() as session:
            await announce(session, maker, id)
    await change(database, maker, id, private=True, **{
        name: written(new())[name] for name in ("summary", "purpose", "topics", "phases")
    })  # fmt: skip
    async with database.writing() as session:
        await announce(session, maker, id)
        assert await why_private(session, id) == "invited"
    with refused("private", "cannot change any more"):
        await change(database, maker, id, private=None)


async def test_an_edit_tells_what_changed_and_sees_what_others_changed(database: Database) -> None:
    made = await make(database)
    id, maker = await made_by(database, made.organiser, new())
    report = await change(database, maker, id, title="Homes")
    assert report == ["housing: title changed"]
    assert (await told(database, id))[-1] == ("consultation.updated", ["title"])
    async with database.writing() as session:
        based_on = fingerprint(await definition_of(session, id), ["rules"])
    rules = written(new())["rules"]
    await change(database, maker, id, rules=rules[:1])
    with pytest.raises(errors.Conflict, match="meanwhile"):
        async with database.writing() as session:
            await edit(session, maker, id, Edit({"rules": rules[:2]}, based_on))
    for actor in (ANYONE, made.participant, made.organiser):  # who organises another one
        with pytest.raises((errors.Unauthenticated, errors.Forbidden, errors.NotFound)):
            await change(database, actor, id, title="Mine")
    with refused("phases.1.starts", "must begin after"):
        await change(database, maker, id, title="Half", phases=written(new())["phases"][::-1][:1] * 2)
    with refused("slug", "taken"):
        await change(database, maker, id, slug=SLUG)
    await change(database, maker, id, slug="homes")
    async with database.writing() as session:
        await announce(session, maker, id)
    with refused("slug", "stays"):
        await change(database, maker, id, slug="housing")
    async with database.writing() as session:
        assert (await definition_of(session, id)).title == "Homes"


async def test_a_language_with_texts_goes_only_where_that_is_meant(database: Database) -> None:
    made = await make(database)
    id, maker = await made_by(database, made.organiser, new())
    with refused("languages", "and 2 contributions"):
        await change(database, maker, id, languages=["fr"])
    await change(database, maker, id, languages=["fr"], let_go=True)
    async with database.writing() as session:
        assert (await definition_of(session, id)).translations == {}


async def test_an_act_on_dates_is_in_the_definition_and_is_not_overruled_silently(database: Database) -> None:
    made = await make(database)
    id, maker = await made_by(database, made.organiser, new())
    async with database.writing() as session:
        await announce(session, maker, id)
        planned = (await definition_of(session, id)).phases
        later = clock.now().replace(microsecond=0) + timedelta(days=50)
        await change_phase(session, maker, id, PhaseChange("extend", "Many asked.", later))
    async with database.writing() as session:
        definition = await definition_of(session, id)
        assert definition.schedule()[1].starts == later
        assert await load_definition(session, maker, definition) == []
    phases = [each.model_dump(exclude_none=True) for each in planned]
    with refused("phases.1.starts", "page of dates"):
        await change(database, maker, id, phases=phases)
    with refused("phases", "page of dates"):
        await change(database, maker, id, phases=phases[:1])
    await change(database, maker, id, summary="Another sample.")
    async with database.writing() as session:
        assert (await definition_of(session, id)).phases == definition.phases


async def test_what_people_spoke_in_stays_and_a_reworded_question_keeps_its_first_words(database: Database) -> None:
    made = await make(database)
    topics = written(FOUNDING)["topics"]
    reworded = [*topics[:1], topics[1] | {"questions": [topics[1]["questions"][0] | {"text": "Which?"}]}]
    await say(database, made)
    with refused("topics.1.questions", "question b, c stays"):
        await change(database, made.organiser, made.id, topics=reworded)
    with refused("topics", "has contributions, so it stays"):
        await change(database, made.organiser, made.id, topics=[topics[0], topics[1] | {"slug": "other"}])
    first, *others = topics[1]["questions"]
    topics[1]["questions"] = [first | {"text": "Which?"}, *others]
    report = await change(database, made.organiser, made.id, topics=topics)
    assert report == ["topic diasporas: question a changed"]
    assert (await told(database, made.id))[-1] == ("topic.updated", ["question a"])
    async with database.reading() as connection:
        asked = (await consultation(connection, SLUG)).topic(AFTER).questions
    assert (asked[0].text, asked[0].version) == ("Which?", 2)
    assert [wording.text for wording in asked[0].earlier] == [first["text"]]
    topics[0]["questions"] = [{"key": "a", "text": "How?"}]  # nobody has spoken here
    await change(database, made.organiser, made.id, topics=topics)
    async with database.reading() as connection:
        (only,) = (await consultation(connection, SLUG)).topic("inclusion").questions
    assert (only.text, only.version, only.earlier) == ("How?", 1, [])


async def test_translations_follow_their_topics_in_an_edit(database: Database) -> None:
    made = await make(database)
    topics = written(FOUNDING)["topics"]
    await change(database, made.organiser, made.id, topics=[topics[1], topics[0] | {"slug": "cities"}])
    async with database.writing() as session:
        said = (await definition_of(session, made.id)).translations["fr"]
        assert await session.scalar(select(func.count()).select_from(Consultation)) == 1
    assert said["topics.cities.title"] == FOUNDING.translations["fr"]["topics.inclusion.title"]
    assert said["topics.cities.a"] == FOUNDING.translations["fr"]["topics.inclusion.a"]


async def test_what_a_load_stores_is_the_definition(database: Database) -> None:
    await make(database)
    async with database.writing() as session:
        id = await session.scalar(select(Consultation.id))
        assert id is not None
        assert await definition_of(session, id) == FOUNDING


def test_translations_go_where_their_texts_go() -> None:
    before = {"objectives.1": "One", "objectives.2": "Two", "objectives.3": "Three", "title": "T", "summary": "S"}
    said = {"objectives.1": "un", "objectives.2": "deux", "objectives.3": "trois", "title": "t", "summary": "s"}
    after = {"objectives.1": "Three", "objectives.2": "One", "title": "T, reworded"}
    assert carried(said, before, after) == {"objectives.1": "trois", "objectives.2": "un", "title": "t"}


def test_a_copy_has_everything_but_dates_and_the_title_in_other_languages() -> None:
    raw = as_copy(FOUNDING, Start("copy", "Again", "", "", (), "", clock.now().date(), None))
    copy = drafted(raw)
    assert copy.slug == "copy" and copy.milestones == () and copy.rules == FOUNDING.rules
    assert [phase.note for phase in copy.phases] == [FOUNDING.phases[1].note]
    assert "title" not in copy.translations["fr"] and "summary" in copy.translations["fr"]


def test_a_definition_written_as_a_file_reads_as_the_same() -> None:
    for name in (SLUG, "sample"):
        definition = parse((DEFINITIONS / f"{name}.toml").read_text())
        assert parse(toml(definition)) == definition


@given(st.text(min_size=1), st.dictionaries(st.sampled_from(["fr", "*", "zh-Hant"]), st.lists(st.text(), max_size=2)))
@settings(max_examples=20, deadline=None)
def test_whatever_text_a_file_holds_it_is_the_same_text(words: str, listed: dict[str, list[str]]) -> None:
    try:
        raw = written(FOUNDING) | {"purpose": words, "title": words[:100], "screening": {"words": listed}}
        definition = drafted(raw)
    except errors.Invalid:
        return
    assert parse(toml(definition)) == definition
