"""A thread as the API lists it: everything public in it, in reading order."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.consultations.models import Consultation
from app.contributions.models import Contribution, Fragment, Publication
from app.readings import cursors, json_texts
from app.readings.discussion.contributions import absence
from app.readings.discussion.listing import Page


async def thread_items(
    connection: AsyncConnection, id: UUID, base: str, limit: int = 50, cursor: str | None = None
) -> Page:
    """One page of the thread that a contribution is in: its root, if that is public, and all beneath it.

    Raises NotFound, Gone, as `contributions.by_id` does for the contribution, and Malformed for a foreign cursor.
    """
    place = (
        await connection.execute(
            select(Contribution.thread_id, Consultation.slug)
            .join(Consultation, Consultation.id == Contribution.consultation_id)
            .where(Contribution.id == id, Contribution.status == "published")
        )
    ).one_or_none()
    if place is None:
        raise await absence(connection, Contribution.id == id, base)
    query = (
        select(*json_texts.COLUMNS, Fragment.sort_key)
        .join(Publication, Publication.contribution_id == Fragment.contribution_id)
        .where(Fragment.thread_id == place.thread_id)  # of contributions no index has threads in order
    )
    purpose = f"{place.thread_id}:thread"
    if cursor is not None:
        query = query.where(Fragment.sort_key > bytes.fromhex(cursors.unseal(purpose, cursor)[0]))
    rows = (await connection.execute(query.order_by(Fragment.sort_key).limit(limit + 1))).all()
    following = cursors.seal(purpose, [rows[limit - 1].sort_key.hex()]) if len(rows) > limit else None
    return Page(json_texts.texts(rows[:limit], f"{base}/c/{place.slug}/"), following)
