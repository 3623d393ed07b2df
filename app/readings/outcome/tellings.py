"""Of what everybody who contributed was told, and of what they can be told now. Needs a write session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.permissions import Actor, Thing, require
from app.synthesis.sending_models import Telling
from app.synthesis.telling import newest


@dataclass(frozen=True, slots=True)
class Told:
    """A version that everybody was told of."""

    what: str  # report, summary
    version: int
    told: datetime


@dataclass(frozen=True, slots=True)
class Tellings:
    """What everybody was told of, newest first, and what they were not: None where there is nothing new."""

    told: Sequence[Told]
    now: tuple[str, int] | None


async def of(session: AsyncSession, actor: Actor, consultation: UUID) -> Tellings:
    """Those of a consultation. Raises Unauthenticated, Forbidden."""
    require(actor, "outcome.tell", Thing(consultation))
    query = select(Telling).where(Telling.consultation_id == consultation).order_by(Telling.told.desc())
    told = [Told(row.what, row.version, row.told) for row in await session.scalars(query)]
    now = await newest(session, consultation)
    return Tellings(told, None if now in [(each.what, each.version) for each in told] else now)
