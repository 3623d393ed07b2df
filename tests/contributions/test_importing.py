"""Importing: the same rows that posting one by one would write, each once, however often it is run."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from app import errors
from app.contributions import importing, publishing
from app.contributions.document import load
from app.contributions.models import Author, Contribution, Publication, Revision
from app.contributions.placing import Place
from app.database import Database
from app.permissions import OPERATOR
from app.record import commitments, public_form
from app.record.models import Entry, Record
from tests.contributions.arriving import Given, planned, row, taken
from tests.making import Made, make

pytestmark = pytest.mark.anyio


async def imported(database: Database, made: Made, rows: Sequence[Given], batch: int = 500) -> dict[int, str]:
    """Import rows as the command does; returns what was refused."""
    plan, refused = planned(rows), dict[int, str]()
    async with database.writing() as session:
        await importing.know_present(session, made.id, plan)
    arrivals = list(importing.arrivals(plan, lambda row: rows[row.offset], "en", "a file", refused.__setitem__))
    for start in range(0, len(arrivals), batch):
        async with database.writing() as session:
            await importing.take_in(session, OPERATOR, made.id, arrivals[start : start + batch])
    return refused


async def texts(database: Database, made: Made) -> dict[str, dict[str, Any]]:
    """What is public, by external id, each with its replies and its parent's external id."""
    query = select(Contribution.external_id, Publication.document, Publication.replies).join(
        Publication, Publication.contribution_id == Contribution.id
    )
    async with database.writing() as session:
        rows = (await session.execute(query.where(Contribution.consultation_id == made.id))).all()
    found = {str(row[0]): load(row.document) | {"replies": row.replies} for row in rows}
    names = {each["id"]: name for name, each in found.items()}
    return {name: each | {"above": names.get(each["parent"])} for name, each in found.items()}


async def test_an_import_keeps_dates_languages_authors_and_places(database: Database) -> None:
    made = await make(database)
    refused = await imported(database, made, [
        row("early", "late", "root", author="Ana", lang="fil", created_at="2016-08-01T10:00:00"),
        row("late", topic="root", author="Ana"), row("root", title="A root", body="*Body*", lang="es"),
        row("orphan", "gone", "root"),
    ])  # fmt: skip
    assert refused == {}
    found = await texts(database, made)
    assert {name: each["above"] for name, each in found.items()} == {
        "root": None, "late": "root", "early": "late", "orphan": "root",
    }  # fmt: skip
    assert [found[name]["depth"] for name in ("root", "late", "early")] == [0, 1, 2]
    assert (found["root"]["replies"], found["late"]["replies"], found["early"]["replies"]) == (2, 1, 0)
    assert (found["root"]["html"], found["root"]["language"]) == ('<p dir="auto"><em>Body</em></p>\n', "es")
    early = found["early"]
    assert (early["created"], early["language"], early["channel"]) == ("2016-08-01T10:00:00Z", "fil", "process")
    assert (early["byline"], early["author"]["name"], early["capacity"]) == ("full", "Ana", "personal")
    assert early["author"]["id"] == found["late"]["author"]["id"]
    assert (found["root"]["byline"], found["root"]["author"]) == ("anonymous", None)
    assert early["published"] > "2026"
    async with database.writing() as session:
        assert await session.scalar(select(func.count()).where(Author.name == "Ana", Author.person_id.is_(None))) == 1
        state = (await session.execute(select(Revision.state, Revision.visible).distinct())).all()
    assert [tuple(each) for each in state] == [("public", True)]


async def test_many_at_once_writes_what_one_by_one_would(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await make(database)
    tree = [row("1"), row("2", "1"), row("3", "2"), row("4", "1", author="Ana"), row("5"), row("6", "2")]
    later = [row("7", "3"), row("8", "1"), row("9", "7"), row("10", "1")]

    async def all_of_it(prefix: str) -> list[Any]:
        start = await size(database, made)
        for part in (tree, later):
            marked = [{name: f"{prefix}{value}" if name in ("id", "parent_id") and value else value
                       for name, value in each.items()} for each in part]  # fmt: skip
            await imported(database, made, marked)
        return await written(database, made, start, prefix)

    at_once = await all_of_it("a")
    monkeypatch.setattr(publishing, "publish_many", one_by_one)
    assert at_once == await all_of_it("b")


async def one_by_one(session: Any, given: Sequence[Any], sort_keys: dict[UUID, bytes]) -> None:
    for contribution, revision, floor in given:
        parent = contribution.parent_id and Place(
            contribution.parent_id, 0, floor.topic, contribution.thread_id, 0, sort_keys[contribution.parent_id]
        )
        await publishing.publish(session, contribution, revision, floor, parent)
        sort_keys[contribution.id] = contribution.sort_key


async def size(database: Database, made: Made) -> Record:
    async with database.writing() as session:
        found = await session.get(Record, made.id)
        assert found is not None
        return found


async def written(database: Database, made: Made, start: Record, prefix: str) -> list[Any]:
    """All rows about what was imported since, without what differs each time: identifiers, salts, times."""
    query = text("""
        SELECT to_jsonb(c) AS contribution, encode(c.sort_key, 'hex') AS key, to_jsonb(r) - 'number' AS revision,
               to_jsonb(p) - 'document' AS publication, to_jsonb(f) - 'html' AS fragment,
               ('{' || convert_from(p.document, 'UTF8'))::jsonb AS document,
               to_jsonb(e) - 'leaf' AS entry
        FROM contributions c
        JOIN revisions r ON r.contribution_id = c.id JOIN publications p ON p.contribution_id = c.id
        JOIN fragments f ON f.contribution_id = c.id
        JOIN entries e ON e.record_id = c.consultation_id AND e.seq = r.seq
        WHERE c.consultation_id = :id AND c.number > :number ORDER BY c.number""")
    known: dict[str, int] = {}

    def plain(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: plain(each, key) for key, each in value.items()}
        if isinstance(value, list):
            return [plain(each, name) for each in value]
        if value is None or name in ("salt", "hash", "sort_key", "time", "since", "published", "updated", "created"):
            return value is None
        if name in ("seq", "number"):
            return value - (start.size if name == "seq" else start.numbers)
        if isinstance(value, str) and len(value) == 36:
            return known.setdefault(value, len(known))
        return value.removeprefix(prefix) if name in ("external_id", "external", "id") else value

    async with database.writing() as session:
        rows = (await session.execute(query, {"id": made.id, "number": start.numbers})).mappings().all()
    numbers = [[int(row["key"][i : i + 8], 16) - start.numbers for i in range(0, len(row["key"]), 8)] for row in rows]
    assert len(rows) == 10
    return [numbers, *(plain({name: each for name, each in row.items() if name != "key"}) for row in rows)]


async def test_imported_texts_are_committed_to_like_others(database: Database) -> None:
    made = await make(database)
    await imported(database, made, [row("root"), row("reply", topic="root")])
    async with database.writing() as session:
        for revision in (await session.scalars(select(Revision))).all():
            entry = await session.get(Entry, (made.id, revision.seq))
            assert entry is not None
            assert revision.salt is not None
            own = commitments.text_commitment(revision.salt, revision.title, revision.body or "", revision.language)
            assert entry.payload["hash"] == own.hex() == revision.hash.hex()
            form = public_form(entry.seq, entry.time, entry.kind, entry.subject, entry.payload)
            assert entry.leaf == commitments.leaf(form)


async def test_an_import_can_be_stopped_and_run_again(database: Database) -> None:
    made = await make(database)
    rows = [row("root")] + [row(str(number), str(number - 1) if number > 1 else "root") for number in range(1, 60)]
    await imported(database, made, rows[:20], batch=7)
    before = await size(database, made)
    assert await imported(database, made, rows[:20]) == {}
    assert (await size(database, made)).size == before.size
    await imported(database, made, rows, batch=7)
    found = await texts(database, made)
    assert len(found) == 60
    assert sorted(each["number"] for each in found.values()) == list(range(1, 61))
    assert found["59"]["depth"] == 59
    async with database.writing() as session:
        keys = await session.scalars(select(Contribution.sort_key).order_by(Contribution.number))
        assert max(len(key or b"") for key in keys) == 200


async def test_a_missing_parent_may_come_in_a_later_run_without_moving_the_reply(database: Database) -> None:
    made = await make(database)
    await imported(database, made, [row("root"), row("reply", "parent", "root")])
    await imported(database, made, [row("root"), row("parent", topic="root"), row("reply", "parent", "root")])
    assert (await texts(database, made))["reply"]["above"] == "root"


async def test_two_imports_of_the_same_rows_at_once_make_each_once(database: Database) -> None:
    made = await make(database)
    rows = [row("root"), *(row(str(number), topic="root") for number in range(40))]
    await asyncio.gather(*(imported(database, made, rows, batch=10) for _ in range(3)))
    assert len(await texts(database, made)) == 41
    assert (await size(database, made)).numbers == 41


async def test_participants_do_not_import(database: Database) -> None:
    made = await make(database)
    arrivals, _ = taken([row("root")])
    async with database.writing() as session:
        with pytest.raises(errors.Forbidden):
            await importing.take_in(session, made.participant, made.id, arrivals)
