"""An organiser's act on dates, as the API gives it."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.consultations.models import Extension, Topic
from app.language import gettext as _


async def date_act(session: AsyncSession, id: UUID) -> dict[str, Any]:
    """One act, with its reason. Raises NotFound."""
    query = (
        select(Extension.act, Topic.slug, Extension.opens, Extension.closes, Extension.reason, Extension.decided)
        .outerjoin(Topic, Topic.id == Extension.topic_id)
        .where(Extension.id == id)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise errors.NotFound(_("There is no such act."))
    return {
        "id": str(id), "act": row.act, "topic": row.slug, "opens": clock.iso(row.opens),
        "closes": clock.iso(row.closes), "reason": row.reason, "decided": clock.iso(row.decided),
    }  # fmt: skip
