"""Contributions as rows of a table. What a spreadsheet would take for a formula is made plain text with a leading '."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

_PLAIN = (
    "number", "id", "url", "consultation", "topic", "thread", "parent", "depth", "kind", "title", "body", "language",
)  # fmt: skip
_AFTER = ("channel", "status", "revision", "created", "published", "updated", "replies", "endorsements", "seq")
COLUMNS = (
    *_PLAIN, "questions", "byline", "author_id", "author_name", "capacity", "organisation_id", "organisation_name",
    "organisation_kind", "organisation_country", "organisation_region", "organisation_mandate", "places", *_AFTER,
    "tags", "provenance", "commitment_seq", "commitment_salt", "commitment_hash",
)  # fmt: skip
_ORGANISATION = ("id", "name", "kind", "country", "region", "mandate")
_NOBODY: dict[str, Any] = {}
_FORMULA = frozenset("=+-@\t\r")
_WRITTEN = [
    COLUMNS.index(name)
    for name in ("title", "body", "author_name", "organisation_name", "places", "tags", "provenance")
]


def rows(texts: Iterable[bytes]) -> bytes:
    """The rows of contributions given as JSON texts."""
    return _written(_harmless(_row(orjson.loads(text))) for text in texts)


def _row(given: dict[str, Any]) -> list[Any]:
    author, organisation = given["author"] or _NOBODY, given["organisation"] or _NOBODY
    commitment = given["commitment"] or _NOBODY
    provenance = given["provenance"]
    return [
        *(given[name] for name in _PLAIN), _listed(given["questions"]), given["byline"], author.get("id"),
        author.get("name"), given["capacity"], *(organisation.get(name) for name in _ORGANISATION),
        _listed(_place(place) for place in given["places"]), *(given[name] for name in _AFTER), _listed(given["tags"]),
        orjson.dumps(provenance).decode() if provenance else None, commitment.get("seq"), commitment.get("salt"),
        commitment.get("hash"),
    ]  # fmt: skip


def _listed(values: Iterable[str]) -> str:
    return "; ".join(values)


def _place(place: dict[str, Any]) -> str:
    """`Quezon City, PH (destination)`."""
    where = ", ".join(place[part] for part in ("city", "country") if place[part])
    return f"{where} ({place['role']})" if place["role"] else where


def _written(given: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(given)
    return out.getvalue().encode()


def _harmless(row: list[Any]) -> list[Any]:
    """The row without formulas. Only what people write can be one."""
    for index in _WRITTEN:
        if row[index] and row[index][0] in _FORMULA:
            row[index] = f"'{row[index]}"
    return row


HEADING = _written([COLUMNS])
