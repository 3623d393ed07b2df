"""Importing: where each row goes, what is refused and why, and the same rows that posting one by one would write."""

import asyncio
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import func, select, text

from app import clock, errors
from app.contributions import importing, publishing
from app.contributions.arrivals import Arrival, Stand, arrival, rendered
from app.contributions.import_plan import Plan
from app.contributions.models import Author, Contribution, Publication, Revision
from app.contributions.placing import Place
from app.database import Database
from app.permissions import OPERATOR
from app.record import commitments, public_form
from app.record.models import Entry, Record
from tests.making import AFTER, BEFORE, Made, make

pytestmark = pytest.mark.anyio

Given = Mapping[str, Any]


def planned(rows: Sequence[Given], topic: str | None = AFTER, present: Iterable[tuple[str, str]] = ()) -> Plan:
    """A plan of rows whose lines and offsets are their places in the list."""
    plan = Plan((AFTER, BEFORE), topic)
    for index, row in enumerate(rows):
        plan.add(str(row["id"]), row.get("parent_id"), row.get("topic_id"), index + 1, index)
    plan.know(present)
    return plan


def taken(
    rows: Sequence[Given], topic: str | None = AFTER, present: Iterable[tuple[str, str]] = ()
) -> tuple[list[Arrival], dict[int, str]]:
    """What would be imported, in order, and what is refused, by line."""
    refused: dict[int, str] = {}
    arrivals = importing.arrivals(
        planned(rows, topic, present), lambda row: rows[row.offset], "en", "a file", refused.__setitem__
    )
    return list(arrivals), refused


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
    found = {str(row[0]): orjson.loads(row.document) | {"replies": row.replies} for row in rows}
    names = {each["id"]: name for name, each in found.items()}
    return {name: each | {"above": names.get(each["parent"])} for name, each in found.items()}


def row(id: str, parent: str | None = None, topic: str | None = None, **more: Any) -> dict[str, Any]:
    return {"id": id, "parent_id": parent, "topic_id": topic, "body": f"Text of {id}."} | more


# Where a row goes


def test_a_row_goes_where_its_parent_and_topic_say() -> None:
    arrivals, refused = taken([
        row("root", title="A root"), row("slug", topic=BEFORE), row("reply", topic="root"),
        row("deep", "reply", "root"), row("elsewhere", topic="reply"),
    ])  # fmt: skip
    assert [each.stand for each in arrivals] == [
        Stand(topic=AFTER), Stand(topic=BEFORE), Stand(parent="root"), Stand(parent="reply"), Stand(parent="root"),
    ]  # fmt: skip
    assert refused == {}


def test_parents_come_first_whatever_the_order_of_the_file() -> None:
    rows = [row("0")] + [row(str(number), str(number - 1), "0") for number in range(1, 3000)]
    random.Random(7).shuffle(rows)
    order = [each.id for each in taken(rows)[0]]
    assert sorted(order, key=int) == order
    in_order = [row("a"), row("b", topic="a"), row("c"), row("d", "b", "a")]
    assert [each.id for each in taken(in_order)[0]] == ["a", "b", "c", "d"]


def test_a_reply_without_its_parent_goes_to_the_root_of_its_thread_and_says_so() -> None:
    arrivals, _ = taken([row("root"), row("orphan", "gone", "root"), row("below", "orphan", "root")])
    assert arrivals[1].stand == Stand(parent="root", missing="gone")
    assert arrivals[1].provenance["reattached"] == {"missing_parent": "gone"}
    assert arrivals[2].stand == Stand(parent="orphan")
    assert "reattached" not in arrivals[2].provenance


def test_replies_to_what_is_refused_go_to_the_root_of_their_thread() -> None:
    arrivals, refused = taken([
        row("root"), row("empty", topic="root", body=" \n"), row("a", "empty", "root"), row("b", "empty"),
        row("bad", "a", lang="!"), row("c", "bad"), row("worse", "bad", body=""), row("d", "worse"),
    ])  # fmt: skip
    assert set(refused) == {2, 5, 7}
    assert refused[2] == "body: is empty"
    where = {each.id: each.stand for each in arrivals}
    assert where["a"] == where["b"] == Stand(parent="root", missing="empty")
    assert where["c"] == Stand(parent="root", missing="bad")
    assert where["d"] == Stand(parent="root", missing="worse")


def test_what_has_no_place_is_refused() -> None:
    arrivals, refused = taken([
        row("a", topic="nowhere"), row("b", "gone"), row("c", "gone", BEFORE), row("root", body=""),
        row("d", topic="root"),
    ])  # fmt: skip
    assert arrivals == []
    assert refused[1] == "topic_id: there is no topic “nowhere” and no imported text of that id"
    assert refused[2] == "parent_id: there is no “gone”, nor a thread to put it into"
    assert {2, 3, 4, 5} <= set(refused)
    assert taken([row("a")], topic=None)[1] == {1: "topic_id: names no topic, and --topic gives none"}


def test_rows_that_reply_to_each_other_in_a_circle_are_broken_up() -> None:
    arrivals, refused = taken([row("root"), row("a", "b", "root"), row("b", "a", "root"), row("self", "self", "root")])
    assert refused == {}
    assert {each.id: each.stand for each in arrivals if each.stand.missing} == {
        "b": Stand(parent="root", missing="a"), "self": Stand(parent="root", missing="self"),
    }  # fmt: skip


def test_what_was_imported_before_is_known() -> None:
    rows = [row("root"), row("a", topic="root"), row("b", "earlier"), row("c", "gone", "earlier")]
    arrivals, refused = taken(rows, present=[("root", "root"), ("a", "root"), ("earlier", "first")])
    assert refused == {}
    assert {each.id: each.stand for each in arrivals} == {
        "b": Stand(parent="earlier"), "c": Stand(parent="first", missing="gone"),
    }  # fmt: skip
    assert planned(rows, present=[("root", "root"), ("a", "root"), ("earlier", "first")]).present() == 2


def test_an_id_counts_once() -> None:
    plan = Plan((), None)
    assert plan.add("a", None, None, 1, 0) is None
    assert plan.add("a", None, None, 5, 0) == 1


# What a row says


ROOT = Stand(topic=AFTER)


def one(stand: Stand = ROOT, **columns: Any) -> Arrival:
    return arrival({"id": "x", "title": "Title", "body": "Body.", **columns}, stand, "fr", "a file")


def fault(column: str, stand: Stand = ROOT, **columns: Any) -> str:
    with pytest.raises(errors.Invalid) as raised:
        one(stand, **columns)
    return raised.value.fields[column]


def test_columns_become_a_text() -> None:
    made = one(
        author=" Ana  Ruiz ", created_at="2016-07-26T09:00:00+02:00", lang="pt-br", kind="question", source="A town"
    )
    assert (made.author, clock.iso(made.created)) == ("Ana Ruiz", "2016-07-26T07:00:00Z")
    assert (made.given.title, made.given.language, made.given.kind) == ("Title", "pt-BR", "question")
    assert made.provenance == {"source": "A town", "id": "x"}


def test_what_is_left_out_has_a_default() -> None:
    root, reply = one(), one(Stand(parent="y"), title=None)
    assert (root.given.kind, root.given.language, root.author) == ("proposal", "fr", None)
    assert (reply.given.kind, reply.given.title) == ("reply", None)
    assert root.provenance == {"source": "a file", "id": "x"}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2016-07-26", "2016-07-26T00:00:00Z"),
        ("2016-07-26 09:00:00 UTC", "2016-07-26T09:00:00Z"),
        ("2016-07-26T09:00:00.1239", "2016-07-26T09:00:00.123Z"),
    ],
)
def test_times_without_a_zone_are_utc(given: str, meant: str) -> None:
    assert clock.iso(one(created_at=given).created) == meant


def test_a_root_without_a_title_takes_its_first_words_and_says_so() -> None:
    made = one(title=" ", body="**First** words of a text. " + "More of it. " * 20)
    assert made.given.title is not None
    assert made.given.title.startswith("First words of a text.")
    assert len(made.given.title) <= 80
    assert made.provenance["title"] == "from the text"
    assert one(title=None, body="---").given.title == "---"


def test_a_kind_that_does_not_fit_is_kept_in_the_provenance() -> None:
    assert (one(kind="comment").given.kind, one(kind="comment").provenance["kind"]) == ("proposal", "comment")
    assert one(Stand(parent="y"), kind="proposal").given.kind == "reply"
    assert one(kind="note").given.kind == "note"


@pytest.mark.parametrize(
    ("column", "columns", "says"),
    [
        ("body", {"body": None}, "is empty"),
        ("body", {"body": "x" * 20_001}, "at most 20,000"),
        ("body", {"body": "a\x00b"}, "not text"),
        ("body", {"body": "a\ud800b"}, "not text"),
        ("body", {"body": 7}, "must be text"),
        ("title", {"title": "x" * 201}, "at most 200"),
        ("lang", {"lang": "not a language"}, "BCP 47"),
        ("created_at", {"created_at": "yesterday"}, "must be a date"),
        ("created_at", {"created_at": 1469523600}, "must be a date"),
        ("created_at", {"created_at": "0001-01-01T00:00:00+14:00"}, "must be a date"),
        ("created_at", {"created_at": "2999-01-01"}, "future"),
        ("author", {"author": "x" * 121}, "at most 120"),
        ("author", {"author": {"name": "Ana"}}, "must be text"),
        ("source", {"source": "a\x00"}, "not text"),
    ],
)
def test_what_cannot_be_taken_is_named(column: str, columns: dict[str, Any], says: str) -> None:
    assert says in fault(column, **columns)


# What is written


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
               to_jsonb(p) - 'document' AS publication, convert_from(p.document, 'UTF8')::jsonb AS document,
               to_jsonb(e) - 'leaf' AS entry
        FROM contributions c
        JOIN revisions r ON r.contribution_id = c.id JOIN publications p ON p.contribution_id = c.id
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


async def test_only_the_operator_imports(database: Database) -> None:
    made = await make(database)
    arrivals, _ = taken([row("root")])
    async with database.writing() as session:
        with pytest.raises(errors.Forbidden):
            await importing.take_in(session, made.organiser, made.id, arrivals)


def test_rendering_elsewhere_is_rendering() -> None:
    assert rendered(["*a*", ""]) == ['<p dir="auto"><em>a</em></p>\n', ""]
