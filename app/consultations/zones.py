"""Which time zone each consultation lives by."""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.consultations.models import Consultation


async def time_zones(session: AsyncSession) -> dict[UUID, ZoneInfo]:
    """The time zone of every consultation."""
    rows = await session.execute(select(Consultation.id, Consultation.time_zone).order_by(Consultation.id))
    return {id: ZoneInfo(zone) for id, zone in rows}
