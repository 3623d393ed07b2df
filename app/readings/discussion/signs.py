"""What automatic checks noticed: the author learns only that it is why a text waits; the queue tells moderators all."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions.models import Revision
from app.contributions.screening import FIRST
from app.contributions.screening_models import Screening


async def why_waiting(session: AsyncSession, contributions: Collection[UUID]) -> dict[UUID, str]:
    """`first` or `check` for each of these contributions of which screening keeps a text from the public."""
    if not contributions:
        return {}
    found = await session.execute(
        select(Screening.contribution_id, func.bool_and(Screening.sign == FIRST).label("only_first"))
        .join(Revision, Revision.id == Screening.revision_id)
        .where(Screening.contribution_id.in_(contributions), Revision.published.is_(None))
        .group_by(Screening.contribution_id)
    )
    return {row.contribution_id: FIRST if row.only_first else "check" for row in found}
