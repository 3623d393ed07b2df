"""Importing: what a row says, what is filled in where it says nothing, and what is refused and why."""

from typing import Any

import pytest

from app import clock, errors
from app.contributions.arrivals import Arrival, Stand, arrival, rendered
from tests.making import AFTER

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


def test_questions_are_those_of_the_topic() -> None:
    asked = frozenset(("diasporas.a", "diasporas.b", f"{AFTER}.a", f"{AFTER}.b", "inclusion.a"))
    row = {"id": "x", "title": "Title", "body": "Body."}

    def made(stand: Stand, questions: Any) -> Arrival:
        return arrival(row | {"questions": questions}, stand, "fr", "a file", asked)

    for given in (f" {AFTER}.b; {AFTER}.a", [f"{AFTER}.a", f"{AFTER}.b"], f"{AFTER}.b,{AFTER}.a {AFTER}.a"):
        assert made(ROOT, given).given.questions == (f"{AFTER}.a", f"{AFTER}.b")
    assert made(ROOT, "").given.questions == made(ROOT, None).given.questions == ()
    assert made(Stand(parent="y"), "inclusion.a").given.questions == ("inclusion.a",)
    for wrong in ("inclusion.a", "a", 7, ["x", 7], {"a": 1}, "\ud800"):
        with pytest.raises(errors.Invalid) as raised:
            made(ROOT, wrong)
        assert raised.value.fields.keys() == {"questions"}


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
        ("body", {"body": None}, "This is empty"),
        ("body", {"body": "x" * 20_001}, "at most 20,000"),
        ("body", {"body": "a\x00b"}, "not text"),
        ("body", {"body": "a\ud800b"}, "not text"),
        ("body", {"body": 7}, "to be a text"),
        ("title", {"title": "x" * 201}, "at most 200"),
        ("lang", {"lang": "not a language"}, "BCP 47"),
        ("created_at", {"created_at": "yesterday"}, "to be a date"),
        ("created_at", {"created_at": 1469523600}, "to be a date"),
        ("created_at", {"created_at": "0001-01-01T00:00:00+14:00"}, "to be a date"),
        ("created_at", {"created_at": "2999-01-01"}, "future"),
        ("author", {"author": "x" * 121}, "at most 120"),
        ("author", {"author": {"name": "Ana"}}, "to be a text"),
        ("source", {"source": "a\x00"}, "not text"),
    ],
)
def test_what_cannot_be_taken_is_named(column: str, columns: dict[str, Any], says: str) -> None:
    assert says in fault(column, **columns)


def test_rendering_elsewhere_is_rendering() -> None:
    assert rendered(["*a*", ""]) == ['<p dir="auto"><em>a</em></p>\n', ""]
