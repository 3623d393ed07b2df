"""Rows of an import for the tests: made, planned, and what would be taken of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.contributions import importing
from app.contributions.arrivals import Arrival
from app.contributions.import_plan import Plan
from tests.making import AFTER, BEFORE

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


def row(id: str, parent: str | None = None, topic: str | None = None, **more: Any) -> dict[str, Any]:
    return {"id": id, "parent_id": parent, "topic_id": topic, "body": f"Text of {id}."} | more
