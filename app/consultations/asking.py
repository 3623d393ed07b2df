"""Which consultations ask for positions on their recommendations: those whose definition says so."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.consultations.models import Consultation

_ASKS = Consultation.details["opinion"].as_boolean().is_(True)


async def asks_for_positions(session: AsyncSession, consultation: UUID) -> bool:
    """Whether this one does."""
    return await session.scalar(select(Consultation.id).where(Consultation.id == consultation, _ASKS)) is not None


async def all_that_ask(session: AsyncSession) -> list[UUID]:
    """All that do."""
    return list(await session.scalars(select(Consultation.id).where(_ASKS).order_by(Consultation.id)))
