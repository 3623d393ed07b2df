"""The list of what is public in a consultation: narrowed down, in any of four orders, page by page by keyset."""

from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, Text, Uuid, bindparam, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

from app.consultations.models import Topic
from app.contributions.models import Publication, SearchText
from app.contributions.search_words import sought
from app.database.prepared import Driver, Prepared
from app.readings import cursors, json_texts
from app.readings.found_words import MATCHES, given_for
from app.readings.json_texts import Texts
from app.record.models import Record


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed down to; None is anything."""

    topic: str | None = None
    thread: UUID | None = None
    parent: UUID | None = None
    kind: str | None = None
    language: str | None = None
    country: str | None = None
    organisation_kind: str | None = None
    question: str | None = None
    tag: str | None = None
    q: str | None = None
    place: str | None = None
    updated_since: datetime | None = None

    def given(self) -> dict[str, Any]:
        """Those that are set."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, the cursor of the next, and the record's size in this snapshot (None of an empty page)."""

    items: Texts
    next: str | None
    size: int | None = None


SORTS = ("number", "-number", "updated", "endorsements")


async def listing(
    driver: Driver, consultation: UUID, prefix: str, filters: Filters,
    sort: str = "number", limit: int = 50, cursor: str | None = None,
) -> Page:  # fmt: skip
    """One page of the published contributions of a consultation, in one query, on a connection of `Database.fetching`.

    `prefix` is the address up to the number. All filters together may be used. Raises Malformed for a foreign cursor.
    """
    columns, _descending = _ORDERS[sort]
    purpose, given = f"{consultation}:{sort}", filters.given()
    values = {"consultation": consultation, "most": limit + 1} | _values(given)
    if cursor is not None:
        for column, value in zip(columns, cursors.unseal(purpose, cursor), strict=True):
            values[f"after_{column.key}"] = datetime.fromisoformat(value) if isinstance(value, str) else value
    rows = await _query(frozenset(given), sort, cursor is not None).rows(driver, **values)
    more = len(rows) > limit
    rows = rows[:limit]
    following = cursors.seal(purpose, [_plain(rows[-1][column.key]) for column in columns]) if more else None
    return Page(json_texts.texts(rows, prefix), following, rows[0]["size"] if rows else None)


def narrowed(
    query: Select[*tuple[Any, ...]], consultation: UUID, filters: Filters
) -> Select[*tuple[Any, ...]]:  # fmt: skip
    """A query of publications that takes only those which pass the filters."""
    given = filters.given()
    values: dict[str, Any] = {"consultation": consultation} | _values(given)
    return query.where(*(_IS[name] for name in sorted(given))).params(values) if given else query


def _values(given: dict[str, Any]) -> dict[str, Any]:
    """The parameters of the conditions on what is given."""
    values = {name: _STORED[name](value) if name in _STORED else value for name, value in given.items() if name != "q"}
    return values | (given_for(sought(given["q"])) if "q" in given else {})


@cache  # made and compiled once: a few thousand at the most
def _query(narrowed_by: frozenset[str], sort: str, goes_on: bool) -> Prepared:
    columns, descending = _ORDERS[sort]
    size = select(Record.size).where(Record.id == _CONSULTATION).scalar_subquery().label("size")
    query = select(*json_texts.COLUMNS, size, *(column for column in columns if column not in json_texts.COLUMNS))
    query = query.where(Publication.consultation_id == _CONSULTATION, *(_IS[name] for name in sorted(narrowed_by)))
    if goes_on:
        here, last = tuple_(*columns), tuple_(*(bindparam(f"after_{each.key}", type_=each.type) for each in columns))
        query = query.where(here < last if descending else here > last)
    order = [column.desc() if descending else column.asc() for column in columns]
    return Prepared(query.order_by(*order).limit(bindparam("most", type_=Integer())))


_CONSULTATION = bindparam("consultation", type_=Uuid())


def _text(name: str) -> Any:
    return bindparam(name, type_=Text())


def _one(name: str) -> Any:
    return bindparam(name, type_=ARRAY(Text()))


_IS: dict[str, ColumnElement[bool]] = {
    "topic": Publication.topic_id
    == select(Topic.id).where(Topic.consultation_id == _CONSULTATION, Topic.slug == _text("topic")).scalar_subquery(),
    "thread": Publication.thread_id == bindparam("thread", type_=Uuid()),
    "parent": Publication.parent_id == bindparam("parent", type_=Uuid()),
    "kind": Publication.kind == _text("kind"),
    "language": Publication.language == _text("language"),
    "country": Publication.country == _text("country"),
    "organisation_kind": Publication.organisation_kind == _text("organisation_kind"),
    "question": Publication.questions.contains(_one("question")),
    "tag": Publication.tags.contains(_one("tag")),
    "q": Publication.contribution_id.in_(
        select(SearchText.contribution_id).where(SearchText.consultation_id == _CONSULTATION, MATCHES)
    ),
    "place": Publication.places.contains(_one("place")),
    "updated_since": Publication.updated >= bindparam("updated_since", type_=TIMESTAMP(timezone=True)),
}
_STORED: dict[str, Any] = {
    "question": lambda value: [value], "tag": lambda value: [value], "place": lambda value: [value.lower()],
}  # fmt: skip
_ORDERS: dict[str, tuple[tuple[Any, ...], bool]] = {
    "number": ((Publication.number,), False),
    "-number": ((Publication.number,), True),
    "updated": ((Publication.updated, Publication.number), False),
    "endorsements": ((Publication.endorsements, Publication.number), True),
}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
