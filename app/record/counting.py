"""Count entries by months of a calendar: what the public log's figures are made of.

A month begins at midnight of a time zone. Its moments are worked out here, so that the database needs to know no zones.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Label, Uuid, any_, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.record.log import log_id
from app.record.models import Entry

# What is counted, by the kind of entry and, of an appeal, its outcome.
COUNTED = {
    ("contribution.published", None): "published",
    ("contribution.hidden", None): "hidden",
    ("appeal.made", None): "appealed",
    ("appeal.decided", "overturned"): "overturned",
}
_KINDS = sorted({kind for kind, _outcome in COUNTED})
_ARRIVALS = ("text.waiting", "contribution.published")  # a text is heard of first when it waits, or else is public
Months = Sequence[date]  # each by its first day, one after the other


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in a time zone."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def months(first: date, last: date) -> list[date]:
    """The first days of all months from that of `first` to that of `last`."""
    counted = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(month // 12, month % 12 + 1, 1) for month in counted]


async def began(on: AsyncSession | AsyncConnection, consultation: UUID) -> datetime | None:
    """When the public log of a consultation begins."""
    time: datetime | None = await on.scalar(
        select(Entry.time).where(Entry.record_id == consultation, Entry.seq == 1, Entry.public)
    )
    return time


async def last_before(on: AsyncSession | AsyncConnection, consultation: UUID, end: datetime) -> int:
    """The sequence number of the public log's last entry before a moment; 0 where there is none."""
    query = select(func.max(Entry.seq)).where(Entry.record_id == consultation, Entry.time < end)
    return int(await on.scalar(query) or 0)


async def counted(
    on: AsyncSession | AsyncConnection, consultation: UUID, zone: ZoneInfo, among: Months, *,
    after: int = 0, end: datetime | None = None,
) -> dict[date, Counter[str]]:  # fmt: skip
    """What the public log tells of each month, by the names in COUNTED: of entries after `after` and before `end`."""
    month = _month_of(Entry.time.expression, zone, among)
    wanted = [Entry.record_id == consultation, Entry.seq > after, Entry.public, Entry.kind.in_(_KINDS)]
    if end is not None:
        wanted.append(Entry.time < end)
    entries = select(month, Entry.kind, Entry.payload["outcome"].astext.label("outcome")).where(*wanted).subquery()
    query = select(entries.c.month, entries.c.kind, entries.c.outcome, func.count()).group_by(*entries.c)
    found: dict[date, Counter[str]] = {each: Counter() for each in among}
    for place, kind, outcome, count in (await on.execute(query)).all():
        name = COUNTED.get((kind, outcome))
        if name is not None and place:
            found[among[place - 1]][name] += count
    return found


async def arrived(
    session: AsyncSession, consultation: UUID, zone: ZoneInfo, among: Months, end: datetime
) -> Counter[date]:
    """How many texts were heard of for the first time in each of these months, before `end`, in public or by staff."""
    logs = [log_id("public", consultation), log_id("staff", consultation)]
    texts = (
        select(func.min(Entry.time).label("first"))
        .where(Entry.record_id.in_(logs), Entry.kind.in_(_ARRIVALS), Entry.time < end)
        .group_by(Entry.subject)
        .subquery()
    )
    months_of = select(_month_of(texts.c.first, zone, among)).subquery()
    query = select(months_of.c.month, func.count()).group_by(months_of.c.month)
    return Counter({among[place - 1]: count for place, count in (await session.execute(query)).all() if place})


async def waiting_since(
    session: AsyncSession, consultation: UUID, contributions: Sequence[UUID]
) -> dict[UUID, datetime]:
    """When each revision of these contributions began to wait, by the revision."""
    query = select(Entry.payload["revision"].astext, Entry.time).where(
        Entry.subject == any_(literal(contributions, ARRAY(Uuid()))), Entry.record_id == log_id("staff", consultation),
        Entry.kind == literal_column("'text.waiting'"),  # in so many words: there is an index of just these
    )  # fmt: skip
    return {UUID(revision): time for revision, time in (await session.execute(query)).all() if revision}


def _month_of(time: ColumnElement[datetime], zone: ZoneInfo, among: Months) -> Label[int]:
    """The place of a moment's month among these, from 1; 0 for what was before them."""
    begins = [midnight(month, zone) for month in among]
    return func.width_bucket(time, literal(begins, ARRAY(TIMESTAMP(timezone=True))), type_=Integer()).label("month")
