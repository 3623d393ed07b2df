"""What somebody has endorsed: for themselves only. Needs a write session."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.endorsements.models import Endorsement


async def has_endorsed(session: AsyncSession, person: UUID, contribution: UUID) -> bool:
    """Whether this person supports this contribution."""
    own = (Endorsement.contribution_id == contribution, Endorsement.person_id == person)
    return await session.scalar(select(Endorsement.id).where(*own)) is not None


async def given_by(
    session: AsyncSession, person: UUID, after: UUID | None = None, limit: int = 1_000
) -> list[dict[str, Any]]:
    """What a person has endorsed, those after the endorsement `after`, as JSON-able values."""
    columns = (Endorsement.id, Endorsement.contribution_id, Endorsement.given)
    query = select(*columns).where(Endorsement.person_id == person).order_by(Endorsement.id).limit(limit)
    return [
        {"id": str(row.id), "contribution": str(row.contribution_id), "given": clock.iso(row.given)}
        for row in await session.execute(query.where(Endorsement.id > after) if after else query)
    ]
