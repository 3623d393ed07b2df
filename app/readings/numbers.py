"""Participation in numbers: how many contributions, by what they are, where they come from and how they came.

One dimension at a time: a figure for two together (a country and a kind of organisation) could point at a person.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text, Uuid, bindparam, cast, func, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.countries import REGION_OF
from app.contributions.models import Publication, SearchText
from app.readings.consultation_views import ConsultationView

KEPT_FOR = 30.0  # seconds: all of it is counted anew at most so often, however busy the consultation is
_MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class Count:
    """How many contributions have this in common, and how many endorsements these have. None: not known or withheld."""

    key: str | None
    contributions: int
    endorsements: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """All counts as of one entry of the record, the largest first; months, topics and questions in their order."""

    size: int  # of the record
    contributions: int
    threads: int
    endorsements: int
    months: Sequence[Count]  # `2016-07`
    topics: Sequence[Count]
    questions: Sequence[Count]  # `inclusion.a`
    kinds: Sequence[Count]
    languages: Sequence[Count]
    countries: Sequence[Count]
    regions: Sequence[Count]
    organisation_kinds: Sequence[Count]
    channels: Sequence[Count]

    @property
    def replies(self) -> int:
        """All that is not a thread's first."""
        return self.contributions - self.threads


async def numbers(connection: AsyncConnection, consultation: ConsultationView, *, exact: bool = False) -> Numbers:
    """The numbers of a consultation: as they are, or, unless they have to be `exact`, as they were less than `KEPT_FOR`
    ago."""
    kept = _KEPT.get(consultation.id)
    recent = kept is not None and not exact and time.monotonic() < kept[0] + KEPT_FOR
    if kept is not None and (recent or kept[1].size == consultation.size):
        return kept[1]
    counted = await _counted(connection, consultation)
    if len(_KEPT) >= _MOST_KEPT:
        _KEPT.clear()
    _KEPT[consultation.id] = (time.monotonic(), counted)
    return counted


async def _counted(connection: AsyncConnection, consultation: ConsultationView) -> Numbers:
    given = {"consultation": consultation.id, "zone": consultation.time_zone}
    found: dict[str, list[Count]] = {name: [] for name in (*_DIMENSIONS, "all")}
    for row in (await connection.execute(_BY_ONE, given)).all():
        # Postgres sets a bit for each column that a row is *not* grouped by, the first column the highest.
        dimension = _NAMED.get(row.grouped, "all")
        key = getattr(row, dimension) if dimension != "all" else None
        found[dimension].append(Count(None if key is None else str(key), row.contributions, row.endorsements))
    questions = [Count(*row) for row in (await connection.execute(_BY_QUESTION, given)).all()]
    threads = int(await connection.scalar(_THREADS, given) or 0)
    whole = found["all"][0] if found["all"] else Count(None, 0, 0)
    topics = {str(topic.id): topic.slug for topic in consultation.topics}
    return Numbers(
        size=consultation.size, contributions=whole.contributions, threads=threads, endorsements=whole.endorsements,
        months=_months(found["month"]),
        topics=_in_order(found["topic_id"], topics),
        questions=_in_order(questions, {each.full_key: each.full_key for each in _questions(consultation)}),
        kinds=_largest_first(found["kind"]), languages=_largest_first(found["language"]),
        countries=_largest_first(found["country"]), regions=_regions(found["country"]),
        organisation_kinds=_largest_first(found["organisation_kind"]), channels=_largest_first(found["channel"]),
    )  # fmt: skip


def _largest_first(counts: Sequence[Count]) -> list[Count]:
    return sorted(counts, key=lambda count: (count.key is None, -count.contributions, count.key))


def _in_order(counts: Sequence[Count], order: Mapping[str, str]) -> list[Count]:
    """Every key of `order`, those of which there is nothing too, under its name there."""
    known = {count.key: count for count in counts}
    none = Count(None, 0, 0)
    return [Count(name, (it := known.get(key, none)).contributions, it.endorsements) for key, name in order.items()]


def _months(counts: Sequence[Count]) -> list[Count]:
    """Every month from the first to the last in which something was published."""
    known = {count.key: count for count in counts if count.key}
    if not known:
        return []
    year, month = map(int, min(known).split("-"))
    listed = []
    while (key := f"{year:04}-{month:02}") <= max(known):
        listed.append(known.get(key, Count(key, 0, 0)))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return listed


def _regions(countries: Sequence[Count]) -> list[Count]:
    summed: dict[str | None, Count] = {}
    for count in countries:
        region = REGION_OF.get(count.key or "")
        before = summed.get(region, Count(region, 0, 0))
        summed[region] = Count(
            region, before.contributions + count.contributions, before.endorsements + count.endorsements
        )
    return _largest_first(list(summed.values()))


def _questions(consultation: ConsultationView) -> list[Any]:
    return [question for topic in consultation.topics for question in topic.questions]


def first_day(month: str) -> date:
    """The first day of `2016-07`."""
    return date.fromisoformat(f"{month}-01")


_KEPT: dict[UUID, tuple[float, Numbers]] = {}
_DIMENSIONS = ("topic_id", "kind", "language", "country", "organisation_kind", "channel", "month")
_NAMED = {
    sum(1 << place for place in range(len(_DIMENSIONS)) if place != at): name
    for at, name in zip(range(len(_DIMENSIONS) - 1, -1, -1), _DIMENSIONS, strict=True)
}
_CONSULTATION = bindparam("consultation", type_=Uuid())


def _by_one() -> Any:
    """Every count but one in a single pass over what is public: counted first by all dimensions at once, of which there
    are few combinations, and these by each (GROUPING SETS)."""
    local = func.timezone(bindparam("zone", type_=Text()), SearchText.published)
    dimensions = (
        Publication.topic_id, Publication.kind, Publication.language, Publication.country,
        Publication.organisation_kind, SearchText.channel,
        func.date_trunc(literal_column("'month'"), local).label("month"),
    )  # fmt: skip
    together = (
        select(
            *dimensions, func.count().label("contributions"), func.sum(Publication.endorsements).label("endorsements")
        )
        .join(SearchText, SearchText.contribution_id == Publication.contribution_id)
        .where(Publication.consultation_id == _CONSULTATION)
        .group_by(*(literal_column(str(place)) for place in range(1, len(dimensions) + 1)))
        .subquery()
    )
    columns = [together.c[name] for name in _DIMENSIONS]
    return select(
        *columns[:-1],
        func.to_char(columns[-1], literal_column("'YYYY-MM'")).label("month"),
        func.grouping(*columns).label("grouped"),
        *(
            cast(func.coalesce(func.sum(together.c[name]), 0), BigInteger).label(name)  # Postgres sums up to a decimal
            for name in ("contributions", "endorsements")
        ),
    ).group_by(func.grouping_sets(*columns, text("()")))


_BY_ONE = _by_one()
_ASKED = (
    select(func.unnest(Publication.questions).label("question"), Publication.endorsements)
    .where(Publication.consultation_id == _CONSULTATION)
    .subquery()
)
_BY_QUESTION = select(_ASKED.c.question, func.count(), func.coalesce(func.sum(_ASKED.c.endorsements), 0)).group_by(
    _ASKED.c.question
)
_THREADS = select(func.count()).where(Publication.consultation_id == _CONSULTATION, Publication.parent_id.is_(None))
