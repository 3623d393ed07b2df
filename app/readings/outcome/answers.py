"""How the answers to all recommendations stand: what was answered to each, and how long the others have waited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock
from app.readings.consultation_views import ConsultationView
from app.readings.outcome.recommendations import RecommendationView, recommendations
from app.synthesis.models import Recommendation, RecommendationVersion


@dataclass(frozen=True, slots=True)
class Standing:
    """A final recommendation, since when it is one, and how many days it has waited for its first answer."""

    recommendation: RecommendationView
    since: datetime
    days: int

    @property
    def answer(self) -> str | None:
        """What holds now: the newest answer's; None while there is none."""
        return self.recommendation.responses[-1].answer if self.recommendation.responses else None


async def standings(connection: AsyncConnection, consultation: ConsultationView) -> list[Standing]:
    """All final recommendations: first those that wait, the longest first, then those answered, by number."""
    since = await _final_since(connection, consultation.id)
    today = clock.now().astimezone(consultation.zone).date()
    found = [
        Standing(each, since[each.id], _waited(each, since[each.id].astimezone(consultation.zone).date(), today))
        for each in await recommendations(connection, consultation.id)
        if each.stage == "final"
    ]
    return sorted(found, key=lambda each: (each.answer is not None, -each.days if each.answer is None else 0))


def _waited(recommendation: RecommendationView, since: date, today: date) -> int:
    answered: Sequence[date] = [each.received for each in recommendation.responses]
    return max(0, (min(answered, default=today) - since).days)


async def _final_since(connection: AsyncConnection, consultation: UUID) -> dict[UUID, datetime]:
    version = RecommendationVersion
    query = (
        select(version.recommendation_id, func.min(version.published))
        .join(Recommendation, Recommendation.id == version.recommendation_id)
        .where(Recommendation.consultation_id == consultation, version.stage == "final", version.seq.is_not(None))
        .group_by(version.recommendation_id)
    )
    return {id: first for id, first in (await connection.execute(query)).all() if first is not None}
