"""Search in what is public of a consultation: newest first, each with the place where it was found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, literal, select
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from app import text
from app.contributions.models import Publication, SearchText
from app.contributions.search_facets import facets_of
from app.contributions.search_words import Sought, any_of, configuration, marked_words, sought
from app.readings.discussion.found_words import FIRST_LOOK, LOOKED_FOR, are_that, given_for, have_them, next_look
from app.readings.discussion.listing import Filters
from app.readings.views import ContributionView, view

PAGE = 20
_WEIGHED = 2_000  # of what has some of the words, the newest
BEGIN, END = "\x02", "\x03"  # around what was looked for, in an excerpt
_OPTIONS = f'StartSel={BEGIN}, StopSel={END}, MaxFragments=2, MaxWords=28, MinWords=12, FragmentDelimiter=" … "'
_AROUND = 120  # characters


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for, and where."""

    words: str
    filters: Filters = field(default_factory=Filters)
    channel: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A contribution, and the part of its text with what was looked for between BEGIN and END."""

    view: ContributionView
    excerpt: str


@dataclass(frozen=True, slots=True)
class Results:
    """One page. Where nothing has all words, `nearest` is true and the items are those that have some of them."""

    items: Sequence[Found]
    next_before: int | None = None
    nearest: bool = False


async def search(connection: AsyncConnection, consultation: UUID, asked: Asked, before: int | None = None) -> Results:
    """One page of what has all the words and passes all filters, newest first; `before` continues at that number.

    Without words it lists what passes the filters. Six queries at the most.
    """
    all_of_them = sought(asked.words)
    look = _Look(connection, consultation, asked, await _between(connection, consultation, asked, before))
    rows = await look.newest(all_of_them)
    if rows or before is not None or not all_of_them:
        following = rows[PAGE - 1].number if len(rows) > PAGE else None
        return Results(await _excerpted(connection, rows[:PAGE], asked.words, all_of_them), following)
    some = any_of(asked.words)
    rows = await look.nearest(some) if some else []
    return Results(await _excerpted(connection, rows, asked.words, some), nearest=True)


async def _between(connection: AsyncConnection, consultation: UUID, asked: Asked, before: int | None) -> range:
    """The numbers that come into question: they follow one another in the order of publication."""
    first, end = 0, min(_ABOVE_ALL if before is None else before, _ABOVE_ALL)
    published = select(SearchText.number).where(SearchText.consultation_id == consultation).limit(1)
    order = (SearchText.published, SearchText.number)
    if asked.since:
        since = published.where(SearchText.published >= asked.since).order_by(*order)
        first = await connection.scalar(since) or _ABOVE_ALL
    if asked.until:
        until = published.where(SearchText.published < asked.until).order_by(*(each.desc() for each in order))
        end = min(end, (await connection.scalar(until) or 0) + 1)
    return range(first, end)


@dataclass(frozen=True, slots=True)
class _Look:
    """For one page: queries that look among the newest texts, and through the index where that is not enough."""

    connection: AsyncConnection
    consultation: UUID
    asked: Asked
    numbers: range

    async def newest(self, words: Sought) -> Sequence[Any]:
        """The newest that fit, one more than a page has."""
        return await self._found(words, PAGE + 1, PAGE + 1)

    async def nearest(self, words: Sought) -> Sequence[Any]:
        """Those that have most of the words: of the newest texts, or, where few have any, of the newest that do."""
        return await self._found(words, PAGE, _WEIGHED)

    async def _found(self, words: Sought, most: int, among: int) -> Sequence[Any]:
        look: int | None = FIRST_LOOK
        while look is not None:
            rows = await self._rows(self._fitting(self._newest_texts(look), words).subquery(), words, most, among)
            if len(rows) == most or len(self.numbers) <= look:
                return rows
            look = next_look(len(rows), most, look, rows[0].number) if rows and look == FIRST_LOOK else None
        by_index = self._fitting(SearchText, words).offset(0)  # so that Postgres does not look at the numbers before
        return await self._rows(by_index.subquery(), words, most, among)

    def _newest_texts(self, count: int) -> Any:
        newest = select(SearchText).where(SearchText.consultation_id == self.consultation)
        newest = newest.where(self._within(SearchText.number)).order_by(SearchText.number.desc()).limit(count)
        return aliased(SearchText, newest.subquery())

    def _fitting(self, texts: Any, words: Sought) -> Select[*tuple[Any, ...]]:
        topic = self.asked.filters.topic is not None
        query = select(texts.contribution_id, texts.number, texts.words).where(are_that(texts.facets, topic=topic))
        return query.where(have_them(texts.words)) if words else query

    def _within(self, number: Any) -> ColumnElement[bool]:
        condition: ColumnElement[bool] = and_(number >= self.numbers.start, number < self.numbers.stop)
        return condition

    async def _rows(self, fitting: Any, words: Sought, most: int, among: int) -> Sequence[Any]:
        """The newest of what fits, and where more than are wanted come into question, the weightiest of them."""
        newest = select(fitting).where(self._within(fitting.c.number)).order_by(fitting.c.number.desc()).limit(among)
        order = [Publication.number.desc()]
        best: Any = newest.subquery()
        if among > most:
            weight = func.ts_rank(best.c.words, LOOKED_FOR).label("weight")
            best = (
                select(best.c.contribution_id, weight)
                .order_by(weight.desc(), best.c.number.desc())
                .limit(most)
                .subquery()
            )
            order.insert(0, best.c.weight.desc())
        query = select(*_COLUMNS).join(best, best.c.contribution_id == Publication.contribution_id).order_by(*order)
        return (await self.connection.execute(query, self._values(words))).all()

    def _values(self, words: Sought) -> dict[str, Any]:
        given = self.asked.filters.given() | ({"channel": self.asked.channel} if self.asked.channel else {})
        topic = {"topic": given.pop("topic"), "consultation": self.consultation} if "topic" in given else {}
        return {"facets": facets_of(self.consultation, given)} | topic | (given_for(words) if words else {})


_COLUMNS = (Publication.number, Publication.document, Publication.replies, Publication.endorsements)
_ABOVE_ALL = 2**31 - 1  # no number is that large


async def _excerpted(connection: AsyncConnection, rows: Sequence[Any], words: str, query: Sought) -> list[Found]:
    views = [view(row.document, row.replies, row.endorsements) for row in rows]
    if not query or not views:
        return [Found(each, each.excerpt(2 * _AROUND)) for each in views]
    plain = [text.excerpt(each.body, len(each.body) + 1) for each in views]
    headlines = [
        func.ts_headline(_language(each), literal(said, Text()), LOOKED_FOR, _OPTIONS)
        for each, said in zip(views, plain, strict=True)
    ]
    found = (await connection.execute(select(*headlines), given_for(query))).one()
    looked_for = marked_words(words)
    return [
        Found(each, excerpt if BEGIN in excerpt else _around(said, looked_for))
        for each, said, excerpt in zip(views, plain, found, strict=True)
    ]


def _language(each: ContributionView) -> ColumnElement[Any]:
    return cast(literal(configuration(each.language), Text()), REGCONFIG)


def _around(said: str, words: Sequence[str]) -> str:
    """The first place where one of the words stands as it was written; else the beginning."""
    found = re.search("|".join(map(re.escape, words)), said, re.IGNORECASE) if words else None
    if found is None:
        return said if len(said) <= 2 * _AROUND else f"{said[: 2 * _AROUND]}…"
    begin, end = max(0, found.start() - _AROUND), found.end() + _AROUND
    parts = ("…" if begin else "", said[begin : found.start()], BEGIN, found[0], END, said[found.end() : end])
    return "".join(parts) + ("…" if end < len(said) else "")
