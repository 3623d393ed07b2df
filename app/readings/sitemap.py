"""Addresses for search engines (sitemaps.org): pages of consultations, topics and threads, fifty thousand in a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.contributions.models import Publication
from app.readings.consultation_views import ConsultationView
from app.readings.outcome import opinion, recommendations

MOST = 50_000  # that one file may name


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and when it changed last, where that is known."""

    path: str
    changed: datetime | None = None


async def pages(connection: AsyncConnection, consultation: ConsultationView, part: int) -> Sequence[Page]:
    """Those of one file: the consultation and its topics in the first, threads by number in all."""
    home = f"/c/{consultation.slug}"
    query = (
        select(Publication.number, Publication.updated)
        .where(
            Publication.consultation_id == consultation.id,
            Publication.parent_id.is_(None),
            Publication.number.between(part * _NUMBERS + 1, (part + 1) * _NUMBERS),
        )
        .order_by(Publication.number)
    )
    threads = [Page(f"{home}/{row.number}", row.updated) for row in (await connection.execute(query)).all()]
    topics = [Page(f"{home}/topics/{topic.slug}") for topic in consultation.topics]
    outcome = [Page(f"{home}/recommendations")] if await recommendations.is_there(connection, consultation.id) else []
    if opinion.asks(consultation.details):
        outcome.append(Page(f"{home}/opinion"))
    first = [Page(home), *topics, *outcome] if part == 0 else []
    return [*first, *threads]


async def parts(connection: AsyncConnection, consultation: ConsultationView) -> int:
    """How many files there are."""
    query = select(func.max(Publication.number)).where(Publication.consultation_id == consultation.id)
    return (int(await connection.scalar(query) or 1) - 1) // _NUMBERS + 1


_NUMBERS = MOST - 1_000  # of contributions in a file: there is room for the topics
