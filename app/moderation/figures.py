"""The monthly figures of the public log: counted when a day is over, never while it goes on.

Most of them could be read from the public record at any time, and what has happened since the last count is
(readings/record/figures.py). But how many texts came in, and how long they waited, nobody may watch as it happens: it
would tell when a text that is not public arrived. So these two are known by the day only, and a median of fewer than
three waits, which would tell how long a single one was, not at all.
"""

from datetime import date, datetime, timedelta
from math import ceil
from statistics import median
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.consultations.zones import time_zones
from app.moderation.models import Decision, MonthlyFigures
from app.record import counting

ANSWERS = ("approve", "reject", "ask")  # the acts that end a text's waiting
FEWEST = 3  # waits that a median is told of
_AFTERWARDS = timedelta(minutes=1)  # after midnight: what began before it is written by then


async def count_finished_days(session: AsyncSession) -> None:
    """Count what has happened in each consultation up to the end of yesterday, where that is not done yet."""
    done = dict(
        (await session.execute(
            select(MonthlyFigures.consultation_id, func.max(MonthlyFigures.through))
            .group_by(MonthlyFigures.consultation_id)
        )).all()
    )  # fmt: skip
    for consultation, zone in (await time_zones(session)).items():
        today = (clock.now() - _AFTERWARDS).astimezone(zone).date()
        yesterday = today - timedelta(days=1)
        counted = done.get(consultation)
        if counted is None or counted < yesterday:
            await _count(session, consultation, zone, counted, yesterday)


async def _count(
    session: AsyncSession, consultation: UUID, zone: ZoneInfo, counted: date | None, through: date
) -> None:
    """Count again the month in which the last count ended, and all that came after it."""
    first = counted
    if first is None:
        began = await counting.began(session, consultation)
        first = began.astimezone(zone).date() if began is not None else through
    among, end = counting.months(min(first, through), through), counting.midnight(through + timedelta(days=1), zone)
    public = await counting.counted(session, consultation, zone, among, end=end)
    received = await counting.arrived(session, consultation, zone, among, end)
    waits = await _waits(session, consultation, zone, counting.midnight(among[0], zone), end)
    seq = await counting.last_before(session, consultation, end)
    rows = [
        {
            "consultation_id": consultation, "month": month, "received": received[month],
            **{name: public[month][name] for name in counting.COUNTED.values()},
            "median_hours": _median(waits.get(month, [])), "through": through, "seq": seq,
        }
        for month in among
    ]  # fmt: skip
    statement = insert(MonthlyFigures).values(rows)
    renewed = {name: statement.excluded[name] for name in rows[0] if name not in ("consultation_id", "month")}
    await session.execute(statement.on_conflict_do_update(index_elements=["consultation_id", "month"], set_=renewed))


async def _waits(
    session: AsyncSession, consultation: UUID, zone: ZoneInfo, begin: datetime, end: datetime
) -> dict[date, list[timedelta]]:
    """How long each text that was answered had waited, by the month in which it was."""
    answers = select(Decision.contribution_id, Decision.revision_id, Decision.decided).where(
        Decision.consultation_id == consultation, Decision.act.in_(ANSWERS), Decision.decided >= begin,
        Decision.decided < end, Decision.contribution_id.is_not(None),
    )  # fmt: skip
    rows = (await session.execute(answers)).all()
    since = await counting.waiting_since(session, consultation, [row.contribution_id for row in rows])
    found: dict[date, list[timedelta]] = {}
    for row in rows:
        if row.revision_id in since:
            month = row.decided.astimezone(zone).date().replace(day=1)
            found.setdefault(month, []).append(row.decided - since[row.revision_id])
    return found


def _median(waits: list[timedelta]) -> int | None:
    """In begun hours; None of so few that it would tell of a single one."""
    return ceil(median(wait / timedelta(hours=1) for wait in waits)) if len(waits) >= FEWEST else None
