"""Codes and codings taken along and brought in again: the same there and back, and nobody's name with a text."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app import clock, errors
from app.contributions import actions as texts
from app.database import Database
from app.moderation import erasing
from app.permissions import ANYONE, Actor
from app.readings.coding.code_files import coders, coding_rows, paths
from app.synthesis import code_book, code_merging, forgetting
from app.synthesis.coding_models import Code, CodeChange, Coder, Coding, Memo
from app.synthesis.exchange import actions, files, holding
from app.synthesis.exchange.models import HeldFile
from app.synthesis.exchange.plan import Plan
from app.synthesis.qdpx import writing
from app.synthesis.qdpx.model import Code as FileCode
from app.synthesis.qdpx.model import Coded, Note, Project, User
from tests.making import Made, decide, make
from tests.synthesis.exchanging import BODIES, make_coded, other_consultation, say_all, taken_along
from tests.synthesis.outcome import entries

pytestmark = pytest.mark.anyio


async def look(database: Database, actor: Actor, made: Made, project: Project) -> Plan:
    async with database.writing() as session:
        return await actions.look(session, actor, made.id, project)


async def take_in(database: Database, actor: Actor, made: Made, project: Project) -> Plan:
    async with database.writing() as session:
        return await actions.take_in(session, actor, made.id, project)


async def count(database: Database, table: Any, consultation: UUID) -> int:
    async with database.writing() as session:
        return int(await session.scalar(select(func.count()).where(table.consultation_id == consultation)) or 0)


def said(project: Project, *, whose: bool = True) -> list[list[Any]]:
    """The codings of a file without what differs from one consultation to the next."""
    rows = [row[:6] if whose else row[:5] for row in coding_rows(project)]
    return sorted(rows, key=str)


async def test_there_and_back_gives_the_same_codes_and_codings(database: Database) -> None:
    coded = await make_coded(database, await make(database))
    whole = await taken_along(database, coded.rapporteur, coded.made.slug)
    content = writing.project(whole)
    assert content == writing.project(await taken_along(database, coded.made.organiser, coded.made.slug))
    for name in ("Participant A", "Sample network", str(coded.made.participant.person), str(coded.rapporteur.person)):
        assert name not in repr(whole)
    assert [(source.name, source.description) for source in whole.sources] == [
        ("1 (revision 1) — Title 0", "Contribution 1, revision 1: https://example.org/c/mayoral-forum-2016/1"),
        ("2 (revision 1) — Title 1", "Contribution 2, revision 1: https://example.org/c/mayoral-forum-2016/2"),
        ("2 (revision 2) — Title 1", "Contribution 2, revision 2: https://example.org/c/mayoral-forum-2016/2"),
        ("3 (revision 1) — Title 2", "Contribution 3, revision 1: https://example.org/c/mayoral-forum-2016/3"),
    ]
    assert [(code.name, code.colour, code.codable) for code in whole.codes] == [
        ("Who pays", "#C23B3B", True), ("City", "#14808A", True), ("Old", "#37833B", False),
    ]  # fmt: skip

    # In a fresh consultation with the same texts (of one only the newer words), by somebody who knows nobody.
    again, other = await other_consultation(database, coded.made)
    await say_all(database, again)
    before = await look(database, other, again, files.read(content))
    assert await count(database, Code, again.id) == 0  # looking changes nothing
    done = await take_in(database, other, again, files.read(content))
    assert (len(before.codes), len(before.codings), len(before.memos)) == (3, 5, 3)
    assert (len(done.codes), len(done.codings), len(done.memos), done.coders) == (
        3, 5, 3, {"Rapporteur R": 4, "Organiser D": 1},
    )  # fmt: skip
    assert len(done.lines) == 1 and "2 (revision 2)" in done.lines[0]
    back = await taken_along(database, other, again.slug)
    assert said(back) == said(whole)
    assert sorted(paths(back.codes).values()) == sorted(paths(whole.codes).values())
    assert [(code.definition, code.colour) for code in back.codes] == [
        ("=Money", "#C23B3B"),
        ("", "#14808A"),
        ("", "#37833B"),
    ]
    assert {note.words for code in back.codes for note in code.notes} == {"Split it."}
    assert {note.words for each in back.sources for note in each.notes} == {"Nothing yet."}
    assert {note.words for each in back.sources for one in each.coded for note in one.notes} == {"Is it?"}
    told = [entry for entry in await entries(database, "code.changed") if entry["act"] == "import"]
    assert {entry["code"] for entry in told} == {str(code.guid) for code in back.codes} and len(told) == 3
    told = [entry for entry in await entries(database, "text.coded") if entry["act"] == "import"]
    assert len(told) == 3 and {entry["person"] for entry in told} == {str(other.person)}
    async with database.writing() as session:
        made_there = select(CodeChange.act).join(Code, Code.id == CodeChange.code_id)
        assert set(await session.scalars(made_there.where(Code.consultation_id == again.id))) == {"imported"}

    # The same once more is nothing new: neither here nor there.
    for actor, where in ((other, again), (coded.rapporteur, coded.made)):
        with pytest.raises(errors.Conflict, match="Nothing in this file is new"):
            await take_in(database, actor, where, files.read(content))
    assert (await look(database, coded.made.organiser, coded.made, whole)).known_codings == 4  # of “Old” none: retired

    # A memo alone is told of, too: where the coding is that it is about.
    source = next(source for source in whole.sources if any(each.code == coded.city.id for each in source.coded))
    about = next(each for each in source.coded if each.code == coded.city.id)
    noted = replace(source, coded=[replace(about, notes=[Note(clock.new_id(), "On second thoughts.")])])
    earlier = await entries(database, "text.coded")
    await take_in(database, coded.rapporteur, coded.made, replace(whole, sources=[noted]))
    later = await entries(database, "text.coded")
    assert len(later) == len(earlier) + 1
    ours = {str(each.id) for each in coded.texts}
    assert _of(ours, later) == _of(ours, earlier) + 1


def _of(texts: set[str], entries: list[dict[str, Any]]) -> int:
    return sum(entry["contribution"] in texts for entry in entries)


async def test_what_another_program_made_of_it_stays_apart(database: Database) -> None:
    coded = await make_coded(database, await make(database))
    made, rapporteur = coded.made, coded.rapporteur
    whole = await taken_along(database, rapporteur, made.slug)
    mine, theirs = (user.guid for user in whole.users)
    stranger, nobody = User(clock.new_id(), " Analyst\u202e X "), clock.new_id()
    new = FileCode(clock.new_id(), "who PAYS", parent=None)  # known by its name
    beneath = FileCode(clock.new_id(), "Markets", "Stalls.", "#00f", new.guid, notes=[Note(clock.new_id(), "Look.")])
    source = whole.sources[0]
    carried_on = replace(
        source, guid=clock.new_id(), text=source.text and source.text + "\n", coded=[
            Coded(clock.new_id(), new.guid, 0, 5, mine), Coded(clock.new_id(), new.guid, 0, 5, theirs),
            Coded(clock.new_id(), beneath.guid, 0, 5, stranger.guid), Coded(clock.new_id(), beneath.guid, 6, 9, nobody),
            Coded(clock.new_id(), coded.city.id, 12, 10_000), Coded(clock.new_id(), coded.city.id, 9, 9),
            Coded(clock.new_id(), clock.new_id(), 0, 5),
            *source.coded,
        ],
    )  # fmt: skip
    changed = replace(whole.sources[3], text=BODIES[2] + " Or did they?")
    project = Project(
        "", "NVivo", [*whole.users, stranger], [new, beneath, *whole.codes, replace(new, name="Double")],
        [carried_on, changed, replace(changed, guid=nobody, name="Notes of mine", text="Else"),
         replace(changed, name="A scan", text=None)],
    )  # fmt: skip
    done = await take_in(database, rapporteur, made, project)
    assert [(code.words.name, code.words.parent, code.words.colour) for code in done.codes] == [
        ("Markets", coded.pay.id, "blue")
    ]
    # Mine is mine; of the organiser nothing is added to theirs, but to whom the file names so.
    assert done.coders == {mine: 1, "Organiser D": 1, "Analyst X": 1, "NVivo": 1}
    assert done.known_codings == 2 + 1  # what was there, by GUID: not that of the retired code
    assert len(done.lines) == 1 + 1 + 3 + 1 + 3, done.lines
    async with database.writing() as session:
        rows = (await session.execute(select(Coder.name, Coder.person_id).order_by(Coder.number))).all()
    assert [name for name, person in rows if person is None] == ["Organiser D", "Analyst X", "NVivo"]
    await take_in(
        database, made.organiser, made, replace(project, sources=[replace(carried_on, notes=[Note(nobody, "x")])])
    )
    assert await count(database, Coder, made.id) == 5 and await count(database, Coding, made.id) == 5 + 4 + 1

    # A code that was merged here counts as what it was merged into.
    async with database.writing() as session:
        await code_merging.merge(session, rapporteur, coded.city.id, coded.pay.id)
    again = await look(database, rapporteur, made, replace(project, codes=[replace(whole.codes[1], parent=None)]))
    assert again.codes == [] and "was merged into “Who pays”" in again.lines[0]


async def test_only_rapporteurs_bring_in_and_only_who_works_there_takes_along(database: Database) -> None:
    coded = await make_coded(database, await make(database))
    made, project = coded.made, Project(codes=[FileCode(clock.new_id(), "New")])
    for actor, error in (
        (ANYONE, errors.Unauthenticated), (made.participant, errors.Forbidden), (made.moderator, errors.Forbidden),
    ):  # fmt: skip
        with pytest.raises(error):
            await look(database, actor, made, project)
        with pytest.raises(error):
            await take_in(database, actor, made, project)
        with pytest.raises(error):
            await taken_along(database, actor, made.slug)
        async with database.writing() as session:
            with pytest.raises(error):
                await holding.hold(session, actor, made.id, "x", b"x")
    many = Project(codes=[FileCode(clock.new_id(), f"C{n}") for n in range(code_book.MOST)])
    with pytest.raises(errors.Conflict, match="which is the most"):
        await take_in(database, coded.rapporteur, made, many)
    assert await count(database, Code, made.id) == 3


async def test_what_leaves_the_public_leaves_the_file_and_held_files_go(database: Database) -> None:
    coded = await make_coded(database, await make(database))
    made = coded.made
    await decide(database, made, "hide", coded.texts[0].id)
    async with database.writing() as session:
        await texts.withdraw(session, made.participant, coded.texts[2].id)
    whole = await taken_along(database, coded.rapporteur, made.slug)
    assert [source.name for source in whole.sources] == ["2 (revision 1) — Title 1", "2 (revision 2) — Title 1"]
    assert "host" not in repr(whole.sources) and "Is it?" not in writing.project(whole).decode("latin-1")

    async with database.writing() as session:
        for actor in (coded.rapporteur, made.organiser):
            first = await holding.hold(session, actor, made.id, "a.qdpx", b"one")
            held = await holding.hold(session, actor, made.id, "b\x00.qdpx", b"two")
        with pytest.raises(errors.NotFound):
            await holding.held(session, coded.rapporteur, made.id, held.id)  # it is the organiser's
        with pytest.raises(errors.NotFound):
            await holding.held(session, made.organiser, made.id, first.id)
        assert (await holding.held(session, made.organiser, made.id, held.id)).name == "b.qdpx"
        await holding.purge_held(session)
        assert await session.scalar(select(func.count()).select_from(HeldFile)) == 2
        await forgetting.forget_people(session, [made.organiser.person] if made.organiser.person else [])
        names = [coder.name for coder in await coders(session, coded.rapporteur, made.id)]
        assert names == ["Rapporteur R", "Coder B"]
        [left] = await session.scalars(select(HeldFile))
        left.made -= holding.KEPT * 2
        await session.flush()
        await holding.purge_held(session)
        assert await session.scalar(select(func.count()).select_from(HeldFile)) == 0
        await holding.hold(session, coded.rapporteur, made.id, "c.qdpx", b"three")
    async with database.writing() as session:
        assert made.participant.person is not None
        await erasing.erase_all_by(session, made.participant, made.participant.person)
        await forgetting.remove_outcome(session, made.id)
    for table in (Code, Coding, Memo, HeldFile):
        assert await count(database, table, made.id) == 0
