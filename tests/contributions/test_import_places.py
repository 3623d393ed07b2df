"""Importing: where each row goes, whatever the order of the file, and which rows have no place."""

import random

from app.contributions.arrivals import Stand
from app.contributions.import_plan import Plan
from tests.contributions.arriving import planned, row, taken
from tests.making import AFTER, BEFORE


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
    assert refused[2] == "body: This is empty."
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
    assert refused[1] == "topic_id: There is no topic “nowhere” and no imported text of that id."
    assert refused[2] == "parent_id: There is no “gone”, nor a thread to put this into."
    assert {2, 3, 4, 5} <= set(refused)
    assert taken([row("a")], topic=None)[1] == {
        1: "topic_id: This names no topic, and there is none for all (`topic`)."
    }


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
