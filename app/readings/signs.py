"""What automatic checks noticed: for moderators in full, for the author as no more than that it is why a text waits."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions.models import Revision, Screening
from app.contributions.screening import FIRST

_OBJECT = func.json_build_object("sign", Screening.sign, "detail", Screening.detail)
SIGNS = (  # of a revision, as a column beside it; None for none
    select(func.json_agg(aggregate_order_by(_OBJECT, Screening.sign)))
    .where(Screening.revision_id == Revision.id)
    .correlate(Revision)
    .scalar_subquery()
)


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
