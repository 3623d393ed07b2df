"""The list of what is public in a consultation: narrowed down, in any of four orders, page by page by keyset."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, Text, Uuid, bindparam, select, tuple_
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import aliased

from app.consultations.models import Topic
from app.contributions.models import Publication, SearchText
from app.contributions.search_facets import facets_of
from app.contributions.search_words import sought
from app.database.prepared import Driver, Prepared, Row
from app.readings import cursors, json_texts
from app.readings.discussion.found_words import FIRST_LOOK, FOUND_COSTS, are_that, given_for, have_them, next_look
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
    """One page of the published contributions of a consultation, on a connection of `Database.fetching`.

    `prefix` is the address up to the number. All filters together may be used. Raises Malformed for a foreign cursor.
    """
    columns, _descending = _ORDERS[sort]
    purpose, given = f"{consultation}:{sort}", filters.given()
    if filters.topic is not None:
        topic = await _TOPIC.row(driver, consultation=consultation, slug=filters.topic)
        if topic is None:
            return Page(json_texts.texts([], prefix), None)
        given["topic"] = topic["id"]
    values = {"consultation": consultation, "most": limit + 1} | _values(consultation, given)
    if cursor is not None:
        for column, value in zip(columns, cursors.unseal(purpose, cursor), strict=True):
            values[f"after_{column.key}"] = datetime.fromisoformat(value) if isinstance(value, str) else value
    asked = _Asked(frozenset(given), sort, cursor is not None)
    rows = await (_found(driver, asked, values) if asked.looks else _query(asked).rows(driver, **values))
    more = len(rows) > limit
    rows = rows[:limit]
    following = cursors.seal(purpose, [_plain(rows[-1][column.key]) for column in columns]) if more else None
    return Page(json_texts.texts(rows, prefix), following, rows[0]["size"] if rows else None)


def _values(consultation: UUID, given: dict[str, Any]) -> dict[str, Any]:
    """The parameters of the conditions on what is given."""
    together = {name: value for name, value in given.items() if name in _FACETS}
    words = given_for(sought(given["q"])) if "q" in given else {}
    return given | words | {"facets": facets_of(consultation, together)}


async def _found(driver: Driver, asked: "_Asked", values: dict[str, Any]) -> Sequence[Row]:
    """The rows that have the words and are that, of the first texts of the list or by the index: see found_words.py."""
    first, costs = (FIRST_LOOK, FOUND_COSTS) if asked.by_number else (FIRST_LOOK // 4, FOUND_COSTS // 4)
    among, beyond, by_index = _seeking(asked)
    look: int | None = first
    while look is not None:
        rows = await among.rows(driver, look=look, **values)
        if len(rows) == values["most"] or not await beyond.rows(driver, look=look, **values):
            return rows
        size = rows[0]["size"] if rows else 0
        look = next_look(len(rows), values["most"], first, size, costs) if look == first else None
    return await by_index.rows(driver, **values)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a query depends on: which filters there are, the order, whether it goes on after a page."""

    filters: frozenset[str]
    sort: str
    goes_on: bool

    def conditions(self, but: Collection[str] = ()) -> Sequence[ColumnElement[bool]]:
        """What is true of every row, without some of the filters."""
        narrowed = [_IS[name] for name in sorted(self.filters) if name not in but]
        return [Publication.consultation_id == _CONSULTATION, *narrowed, *self.after()]

    @property
    def looks(self) -> bool:
        """Whether Postgres may not choose the way: it knows how common a topic or a language is, but neither what is
        one of several in a text, nor several things together."""
        together = self.filters.intersection(_LOOKED_FOR)
        return len(together) > 1 or not together.isdisjoint(_OF_SEVERAL)

    def after(self, of: Any = Publication) -> Sequence[ColumnElement[bool]]:
        """That it comes after the page before, by the columns of publications or of something else that has them."""
        if not self.goes_on:
            return []
        columns, descending = _ORDERS[self.sort]
        here = tuple_(*(getattr(of, each.key) for each in columns))
        last = tuple_(*(bindparam(f"after_{each.key}", type_=each.type) for each in columns))
        return [here < last if descending else here > last]

    @property
    def by_number(self) -> bool:
        """Whether texts and their numbers are enough to know what comes first."""
        return self.sort in ("number", "-number") and not self.filters & {"thread", "parent", "updated_since"}

    def order(self, of: Any = Publication) -> Sequence[ColumnElement[Any]]:
        """The order of the list, by such columns."""
        columns, descending = _ORDERS[self.sort]
        keys = [getattr(of, column.key) for column in columns]
        return [key.desc() if descending else key.asc() for key in keys]

    def selected(self, of: Any = Publication) -> Select[*tuple[Any, ...]]:
        """What a page and its cursor are made from."""
        size = select(Record.size).where(Record.id == _CONSULTATION).scalar_subquery().label("size")
        more = [column for column in _ORDERS[self.sort][0] if column not in json_texts.COLUMNS]
        return select(
            *(getattr(of, each.key) for each in json_texts.COLUMNS), size, *(getattr(of, each.key) for each in more)
        )


@cache  # made and compiled once: a few thousand at the most
def _query(asked: _Asked) -> Prepared:
    return Prepared(asked.selected().where(*asked.conditions()).order_by(*asked.order()).limit(_MOST))


@cache
def _seeking(asked: _Asked) -> tuple[Prepared, Prepared, Prepared]:
    """Of the first texts of a list those that have the words; whether there are more texts; by the index."""
    return _seeking_by_number(asked) if asked.by_number else _seeking_in_order(asked)


def _seeking_by_number(asked: _Asked) -> tuple[Prepared, Prepared, Prepared]:
    """Numbers stand beside the words."""
    fields = SearchText.contribution_id, SearchText.number, SearchText.words, SearchText.facets
    first = select(*fields).where(SearchText.consultation_id == _CONSULTATION, *asked.after(SearchText))
    first = first.order_by(*asked.order(SearchText))
    by_index = select(*fields).where(*_fit(SearchText, asked)).offset(0).subquery()
    texts = aliased(SearchText, first.limit(_LOOK).subquery())

    def of_these(fitting: Any, *conditions: ColumnElement[bool]) -> Prepared:
        ids = select(fitting.contribution_id).where(*conditions).order_by(*asked.order(fitting)).limit(_MOST).subquery()
        found = asked.selected().join(ids, ids.c.contribution_id == Publication.contribution_id)
        return Prepared(found.order_by(*asked.order()))

    return (
        of_these(texts, *_fit(texts, asked)),
        Prepared(first.with_only_columns(SearchText.number).offset(_LOOK).limit(1)),
        of_these(by_index.c, *asked.after(by_index.c)),
    )


def _seeking_in_order(asked: _Asked) -> tuple[Prepared, Prepared, Prepared]:
    plain = asked.conditions(but=_LOOKED_FOR)
    first = select(Publication).where(*plain).order_by(*asked.order())
    texts = aliased(Publication, first.limit(_LOOK).subquery())
    words = select(texts, SearchText.words, SearchText.facets)
    words = words.join(SearchText, SearchText.contribution_id == texts.contribution_id).order_by(*asked.order(texts))
    both = words.offset(0).subquery().c  # put together before Postgres may ask the index
    fitting = select(SearchText.contribution_id).where(*_fit(SearchText, asked)).offset(0)
    by_index = asked.selected().where(*plain, Publication.contribution_id.in_(fitting))
    return (
        Prepared(asked.selected(both).where(*_fit(both, asked)).order_by(*asked.order(both)).limit(_MOST)),
        Prepared(first.with_only_columns(Publication.number).offset(_LOOK).limit(1)),
        Prepared(by_index.order_by(*asked.order()).limit(_MOST)),
    )


def _fit(texts: Any, asked: _Asked) -> Sequence[ColumnElement[bool]]:
    are = are_that(texts.facets, topic=False)
    return (have_them(texts.words), are) if "q" in asked.filters else (are,)


_CONSULTATION = bindparam("consultation", type_=Uuid())
_MOST, _LOOK = (bindparam(name, type_=Integer()) for name in ("most", "look"))


def _text(name: str) -> Any:
    return bindparam(name, type_=Text())


# Apart, so that Postgres knows how common the topic is when it plans the list.
_TOPIC = Prepared(select(Topic.id).where(Topic.consultation_id == _CONSULTATION, Topic.slug == _text("slug")))
_IS: dict[str, ColumnElement[bool]] = {
    "topic": Publication.topic_id == bindparam("topic", type_=Uuid()),
    "thread": Publication.thread_id == bindparam("thread", type_=Uuid()),
    "parent": Publication.parent_id == bindparam("parent", type_=Uuid()),
    "kind": Publication.kind == _text("kind"),
    "language": Publication.language == _text("language"),
    "country": Publication.country == _text("country"),
    "organisation_kind": Publication.organisation_kind == _text("organisation_kind"),
    "updated_since": Publication.updated >= bindparam("updated_since", type_=TIMESTAMP(timezone=True)),
}
# What is looked for together with words, among the facets of search texts.
_FACETS = ("topic", "kind", "language", "country", "organisation_kind", "question", "tag", "place")
_LOOKED_FOR = ("q", *_FACETS)
_OF_SEVERAL = ("q", "question", "tag", "place")
_ORDERS: dict[str, tuple[tuple[Any, ...], bool]] = {
    "number": ((Publication.number,), False),
    "-number": ((Publication.number,), True),
    "updated": ((Publication.updated, Publication.number), False),
    "endorsements": ((Publication.endorsements, Publication.number), True),
}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
