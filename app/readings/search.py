"""Search in what is public of a consultation: newest first, each with the place where it was found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlalchemy.ext.asyncio import AsyncConnection

from app import text
from app.contributions.models import Publication, SearchText
from app.contributions.search_words import Sought, any_of, configuration, marked_words, sought
from app.readings.found_words import MATCHES, WANTED, given_for
from app.readings.listing import Filters, narrowed
from app.readings.views import ContributionView, view

PAGE = 20
BEGIN, END = "\x02", "\x03"  # around what was looked for, in an excerpt
_NEAREST_AMONG = 2_000  # newest matches that are weighed
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

    Without words it lists what passes the filters. Three queries at the most.
    """
    all_of_them = sought(asked.words)
    rows = await _newest(connection, _narrowed(consultation, asked, all_of_them), before)
    if rows or before is not None or not all_of_them:
        following = rows[PAGE - 1].number if len(rows) > PAGE else None
        return Results(await _excerpted(connection, rows[:PAGE], asked.words, all_of_them), following)
    some = any_of(asked.words)
    rows = await _nearest(connection, _narrowed(consultation, asked, some)) if some else []
    return Results(await _excerpted(connection, rows, asked.words, some), nearest=True)


_COLUMNS = (Publication.number, Publication.document, Publication.replies, Publication.endorsements)


def _narrowed(consultation: UUID, asked: Asked, words: Sought) -> Select[*tuple[Any, ...]]:
    query = (
        select(*_COLUMNS)
        .join(SearchText, SearchText.contribution_id == Publication.contribution_id)
        .where(SearchText.consultation_id == consultation)
    )
    if words:
        query = query.where(MATCHES)
    if asked.channel:
        query = query.where(SearchText.channel == asked.channel)
    if asked.since:
        query = query.where(SearchText.published >= asked.since)
    if asked.until:
        query = query.where(SearchText.published < asked.until)
    query = narrowed(query, consultation, asked.filters)
    return query.params(given_for(words)) if words else query


async def _newest(connection: AsyncConnection, query: Select[*tuple[Any, ...]], before: int | None) -> Sequence[Any]:
    if before is not None:
        query = query.where(SearchText.number < min(before, 2**31 - 1))
    return (await connection.execute(query.order_by(SearchText.number.desc()).limit(PAGE + 1))).all()


async def _nearest(connection: AsyncConnection, query: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    """Those that have most of the words, among the newest that have any."""
    weight = func.ts_rank(SearchText.words, WANTED).label("weight")
    newest = query.add_columns(weight).order_by(SearchText.number.desc()).limit(_NEAREST_AMONG).subquery()
    best = select(*(newest.c[column.key] for column in _COLUMNS))
    return (await connection.execute(best.order_by(newest.c.weight.desc(), newest.c.number.desc()).limit(PAGE))).all()


async def _excerpted(connection: AsyncConnection, rows: Sequence[Any], words: str, query: Sought) -> list[Found]:
    views = [view(row.document, row.replies, row.endorsements) for row in rows]
    if not query or not views:
        return [Found(each, each.excerpt(2 * _AROUND)) for each in views]
    plain = [text.excerpt(each.body, len(each.body) + 1) for each in views]
    headlines = [
        func.ts_headline(_language(each), literal(said, Text()), WANTED, _OPTIONS)
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
