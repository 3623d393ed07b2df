"""Coding: a code book grows, is put on texts by two rapporteurs, is merged and split; and who is refused what."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import errors
from app.clock import new_id, now
from app.contributions.models import Contribution, Revision
from app.database import Database
from app.permissions import ANYONE, Actor
from app.record.following import Seen
from app.synthesis import code_book, code_merging, coders, coding, memos
from app.synthesis.code_words import CodeWords
from app.synthesis.coders import label
from app.synthesis.coding_models import Code, CodeChange, Coder, Coding, Memo, TextRead
from app.synthesis.forgetting import follow, remove_outcome
from tests.making import BEFORE, Made, decide, make, make_person, say
from tests.synthesis.outcome import entries, make_rapporteur

pytestmark = pytest.mark.anyio
BODY = "Count the hours.\n\nThe *host* city pays."


async def make_code(database: Database, actor: Actor, made: Made, name: str, **words: Any) -> Code:
    async with database.writing() as session:
        return await code_book.make(session, actor, made.id, CodeWords(name, **words))


async def put(
    database: Database, actor: Actor, made: Made, text: Contribution, *codes: Code, **how: Any
) -> list[Coding]:  # fmt: skip
    async with database.writing() as session:
        return list(await coding.put(session, actor, made.id, text.id, [each.id for each in codes], **how))


async def rows(database: Database, table: Any) -> list[Any]:
    async with database.writing() as session:
        return list(await session.scalars(select(table).order_by(*table.__table__.primary_key.columns)))


async def history(database: Database, code: UUID) -> list[tuple[str, dict[str, Any], UUID | None, int]]:
    return [(e.act, e.before, e.other_id, e.codings) for e in await rows(database, CodeChange) if e.code_id == code]


async def test_a_code_book_from_its_first_code_to_its_removal(database: Database) -> None:
    made = await make(database)
    one, two = await make_rapporteur(database, made), made.organiser
    text, other = await say(database, made, body=BODY), await say(database, made)
    pay = await make_code(database, one, made, " Who  pays ", definition="Money.")
    city = await make_code(database, two, made, "City", parent=pay.id, colour="red")
    assert (pay.name, pay.colour, city.colour, city.made_by) == ("Who pays", "blue", "red", two.person)

    # The same again is the same coding; the words are found where marks of Markdown stand between them.
    [whole] = await put(database, one, made, text, pay)
    passage, _hosts = sorted(
        await put(database, one, made, text, city, name="hosts", passage="The host city"),
        key=lambda each: each.code_id != city.id,
    )
    await put(database, one, made, text, pay)
    await put(database, two, made, text, pay)
    _city, double = sorted(
        await put(database, two, made, text, city, name="WHO PAYS", passage="The host city"),
        key=lambda each: each.code_id == pay.id,
    )
    assert BODY[passage.begin : passage.end] == "The *host* city" and whole.begin is whole.end is None
    assert len(await rows(database, Coding)) == 6
    assert [(label(each.number), each.person_id) for each in await rows(database, Coder)] == [
        ("A", one.person), ("B", two.person),
    ]  # fmt: skip
    assert {(each.person_id, each.revision) for each in await rows(database, TextRead)} == {
        (one.person, 1), (two.person, 1),
    }  # fmt: skip

    # Renaming keeps what was.
    async with database.writing() as session:
        await memos.on_coding(session, two, made.id, double.id, "Is it?")
        await code_book.change(session, two, pay.id, CodeWords("Costs", "Money.", "green"))
        await code_book.change(session, two, pay.id, CodeWords("Costs", "Money.", "green"))
    assert await history(database, pay.id) == [
        ("made", {}, None, 0), ("changed", {"name": "Who pays", "colour": "blue"}, None, 0),
    ]  # fmt: skip

    # Merging leaves out what the survivor has, by the same coder in the same place; and lifts what stood beneath.
    async with database.writing() as session:
        await code_merging.merge(session, one, pay.id, city.id)
    assert {(each.code_id, each.coder_id, each.begin) for each in await rows(database, Coding)} >= {
        (city.id, whole.coder_id, None), (city.id, whole.coder_id, passage.begin),
    }  # fmt: skip
    left = await rows(database, Coding)
    assert len(left) == 5 and {each.code_id for each in left} == {city.id, _hosts.code_id}
    assert [each.coding_id for each in await rows(database, Memo)] == [_city.id]  # where the double's went
    codes = {each.id: each for each in await rows(database, Code)}
    assert (codes[pay.id].merged_into, codes[city.id].parent_id) == (city.id, None) and codes[pay.id].retired
    assert (await history(database, pay.id))[-1] == ("merged", {}, city.id, 2)
    assert (await history(database, city.id))[-1] == ("changed", {"parent": str(pay.id)}, None, 0)

    # Splitting takes the chosen ones to a new code.
    async with database.writing() as session:
        part = await code_merging.split(session, one, city.id, [whole.id], CodeWords("Hours", parent=city.id))
    assert [each.id for each in await rows(database, Coding) if each.code_id == part.id] == [whole.id]
    assert (await history(database, city.id))[-1] == ("split", {}, part.id, 1)
    acts = [entry["act"] for entry in await entries(database, "code.changed")]
    assert acts == ["make", "make", "make", "change", "merge", "split"]

    # What is erased goes with its codings, and who leaves is forgotten; then all of it with the consultation.
    async with database.writing() as session:
        await memos.on_text(session, one, made.id, other.id, "Stays.")
        await coding.mark_read(session, one, made.id, {other.id: 1})
        assert one.person is not None
        gone = {"contribution.erased": text.id, "account.erased": one.person}
        await follow(session, [Seen(made.id, made.id, 1, now(), kind, each, {}) for kind, each in gone.items()])
    assert await rows(database, Coding) == []
    assert [each.person_id for each in await rows(database, TextRead)] == []
    assert [each.person_id for each in await rows(database, Coder)] == [None, two.person]
    assert [each.body for each in await rows(database, Memo)] == ["Stays."]
    async with database.writing() as session:
        await remove_outcome(session, made.id)
    for table in (Code, CodeChange, Coder, Memo):
        assert await rows(database, table) == []


async def test_what_is_refused(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    text, waiting = await say(database, made, body=BODY), await say(database, made, topic=BEFORE)
    code = await make_code(database, rapporteur, made, "Costs")
    beneath = await make_code(database, rapporteur, made, "Hours", parent=code.id)
    [own] = await put(database, rapporteur, made, text, code)
    before = len(await entries(database, "code.changed")), len(await entries(database, "text.coded"))

    async def refused(error: type[Exception], act: Any, actor: Actor, *given: Any, **more: Any) -> Any:
        with pytest.raises(error) as caught:
            async with database.writing() as session:
                await act(session, actor, *given, **more)
        return getattr(caught.value, "fields", {}).keys()

    words = CodeWords("More")
    for actor in (ANYONE, made.participant, made.moderator):
        no = errors.Unauthenticated if actor is ANYONE else errors.Forbidden
        await refused(no, code_book.make, actor, made.id, words)
        await refused(no, code_book.change, actor, code.id, words)
        await refused(no, code_book.retire, actor, beneath.id)
        await refused(no, code_book.resume, actor, beneath.id)
        await refused(no, code_merging.merge, actor, code.id, beneath.id)
        await refused(no, code_merging.split, actor, code.id, [own.id], words)
        await refused(no, coding.put, actor, made.id, text.id, [code.id])
        await refused(no, coding.take_off, actor, made.id, own.id)
        await refused(no, coding.mark_read, actor, made.id, {text.id: 1})
        await refused(no, coding.mark_unread, actor, made.id, text.id)
        await refused(no, memos.on_code, actor, made.id, code.id, "Mine.")
        await refused(no, memos.on_text, actor, made.id, text.id, "Mine.")
        await refused(no, memos.on_coding, actor, made.id, own.id, "Mine.")
    await refused(errors.Forbidden, coding.take_off, made.organiser, made.id, own.id)  # not theirs
    for name, more, field in (
        ("", {}, "name"), ("x" * 201, {}, "name"), ("a\0b", {}, "name"), ("cOSTS", {}, "name"),
        ("More", {"colour": "pink"}, "colour"), ("More", {"parent": new_id()}, "parent"),
        ("More", {"definition": "\ud800"}, "definition"), ("More", {"definition": "x" * 4001}, "definition"),
    ):  # fmt: skip
        given = CodeWords(name, **more)
        assert await refused(errors.Invalid, code_book.make, rapporteur, made.id, given) == {field}
    round_about = CodeWords("Costs", parent=beneath.id)
    assert await refused(errors.Invalid, code_book.change, rapporteur, code.id, round_about) == {"parent"}
    await refused(errors.Conflict, code_book.retire, rapporteur, code.id)  # with one beneath it
    for id, codes, how, field in (
        (text.id, [], {}, "codes"), (text.id, [new_id()], {}, "codes"), (waiting.id, [code.id], {}, "contribution"),
        (text.id, [code.id], {"passage": "Never said"}, "passage"), (text.id, [], {"name": "x" * 201}, "name"),
        (text.id, [code.id], {"revision": 2}, "contribution"), (new_id(), [code.id], {}, "contribution"),
        (text.id, [code.id], {"passage": "a\0b"}, "passage"),
    ):  # fmt: skip
        assert await refused(errors.Invalid, coding.put, rapporteur, made.id, id, codes, **how) == {field}
    assert await refused(errors.Invalid, code_merging.merge, rapporteur, code.id, code.id) == {"into"}
    assert await refused(errors.Invalid, code_merging.merge, rapporteur, code.id, new_id()) == {"into"}
    for chosen in ([], [new_id()], [own.id, new_id()]):
        split = (code_merging.split, rapporteur, code.id, chosen, words)
        assert await refused(errors.Invalid, *split) == {"codings"}
    assert await refused(errors.Invalid, coding.mark_read, rapporteur, made.id, {waiting.id: 1}) == {"items"}
    assert await refused(errors.Invalid, memos.on_code, rapporteur, made.id, code.id, " ") == {"memo"}
    await refused(errors.NotFound, memos.on_text, rapporteur, made.id, waiting.id, "Mine.")
    await refused(errors.NotFound, code_book.change, rapporteur, new_id(), words)
    now_there = len(await entries(database, "code.changed")), len(await entries(database, "text.coded"))
    assert now_there == before


async def test_what_is_retired_is_put_on_nothing_until_it_is_used_again(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    text, code = await say(database, made), await make_code(database, rapporteur, made, "Costs")
    async with database.writing() as session:
        await code_book.retire(session, rapporteur, code.id)
    with pytest.raises(errors.Invalid):
        await put(database, rapporteur, made, text, code)
    again = await make_code(database, rapporteur, made, "Costs")  # the name is free
    with pytest.raises(errors.Invalid):
        async with database.writing() as session:
            await code_book.resume(session, rapporteur, code.id)
    async with database.writing() as session:
        await code_merging.merge(session, rapporteur, again.id, (await make_code(database, rapporteur, made, "B")).id)
        await code_book.resume(session, rapporteur, code.id)
    assert await put(database, rapporteur, made, text, code)
    with pytest.raises(errors.Conflict):
        async with database.writing() as session:
            await code_book.resume(session, rapporteur, again.id)
    acts = [entry["act"] for entry in await entries(database, "code.changed")]
    assert acts == ["make", "retire", "make", "make", "merge", "resume"]


async def test_a_rapporteur_of_one_topic_codes_there_and_changes_what_they_made(database: Database) -> None:
    made = await make(database)
    there, elsewhere = await say(database, made), await say(database, made, topic=BEFORE)
    await decide(database, made, "approve", elsewhere.id, await waiting_of(database, elsewhere.id))
    person = await make_person(database, "Rapporteur T")
    actor = replace(person, topics={made.id: {there.topic_id: frozenset({"rapporteur"})}})
    own, other = await make_code(database, actor, made, "Own"), await make_code(database, made.organiser, made, "Other")
    assert await put(database, actor, made, there, own, other)
    with pytest.raises(errors.Forbidden):
        await put(database, actor, made, elsewhere, own)
    async with database.writing() as session:
        await code_book.change(session, actor, own.id, CodeWords("My own"))
    with pytest.raises(errors.Forbidden):
        async with database.writing() as session:
            await code_book.change(session, actor, other.id, CodeWords("Mine"))
    with pytest.raises(errors.Forbidden):
        async with database.writing() as session:
            await code_merging.merge(session, actor, own.id, other.id)


async def waiting_of(database: Database, contribution: UUID) -> UUID | None:
    async with database.writing() as session:
        query = select(Revision.id).where(Revision.contribution_id == contribution, Revision.state == "waiting")
        found: UUID | None = await session.scalar(query)
        return found


async def test_files_bring_no_coders_without_number(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await make(database)
    monkeypatch.setattr(coders, "MOST", 2)
    async with database.writing() as session:
        first, second = [await coders.coder_of(session, made.id, name=name) for name in ("One", "Two")]
        with pytest.raises(errors.Conflict, match="which is the most"):
            await coders.coder_of(session, made.id, name="Three")
        assert await coders.coder_of(session, made.id, name="One") == first != second
