"""The public log's figures, month by month: what was counted by whole days, and what the record tells since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock
from app.moderation.models import MonthlyFigures
from app.readings.consultation_views import ConsultationView
from app.record import counting


@dataclass(frozen=True, slots=True)
class Month:
    """The figures of one month. `received` and `median_hours` are known by the end of a day only."""

    month: date  # its first day
    received: int | None  # None where no day of it is over yet
    published: int
    hidden: int
    appealed: int
    overturned: int
    median_hours: int | None  # that texts answered in it had waited; None of fewer than three

    def json(self) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "month": f"{self.month:%Y-%m}", "received": self.received, "published": self.published,
            "hidden": self.hidden, "appealed": self.appealed, "overturned": self.overturned,
            "median_hours": self.median_hours,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """Every month from the first in which something happened to this one, or, once the consultation is no longer open,
    to the last in which something did. `through` is the last day counted."""

    months: Sequence[Month]
    through: date | None


async def figures(connection: AsyncConnection, consultation: ConsultationView) -> Figures:
    """The figures, in two small queries: the counted months, and the entries since the count."""
    id, zone = consultation.id, consultation.zone
    query = select(MonthlyFigures).where(MonthlyFigures.consultation_id == id)
    counted = {row.month: row for row in (await connection.execute(query.order_by(MonthlyFigures.month))).all()}
    today = clock.now().astimezone(zone).date()
    if counted:
        first, since = min(counted), max(row.seq for row in counted.values())
        through: date | None = max(row.through for row in counted.values())
    else:
        began = await counting.began(connection, id)
        first, since, through = began.astimezone(zone).date() if began else today, 0, None
    among = counting.months(min(first, today), today)
    fresh = await counting.counted(connection, id, zone, among, after=since)
    months = [_month(month, counted.get(month), fresh[month]) for month in among]
    while len(months) > 1 and not _anything(months[0]):
        months.pop(0)
    while len(months) > 1 and consultation.phase != "open" and not _anything(months[-1]):
        months.pop()
    return Figures(months, through)


def _month(month: date, row: Any, fresh: Any) -> Month:
    counts = {name: (getattr(row, name) if row is not None else 0) + fresh[name] for name in counting.COUNTED.values()}
    return Month(month, row.received if row else None, median_hours=row.median_hours if row else None, **counts)


def _anything(month: Month) -> bool:
    return any((month.received, month.published, month.hidden, month.appealed, month.overturned))
