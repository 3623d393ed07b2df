"""A consultation's logs, deleted for good. Only the sample ever goes like this: see consultations/removing.py."""

from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.record.following import gate
from app.record.log import log_id
from app.record.models import Cursor, Entry, Record, TileHash


async def stop_following(session: AsyncSession, consultation: UUID) -> None:
    """Delete the consumers' cursors in the logs of a consultation that goes. To be called before anything else of it is
    deleted: it waits for a consumer that is at work, and lets none begin until the transaction ends.
    """
    logs = _logs(consultation)
    for log in sorted(logs):
        await session.execute(select(func.pg_advisory_xact_lock(gate(log))))
    await session.execute(delete(Cursor).where(Cursor.record_id.in_(logs)))


async def remove_logs(session: AsyncSession, consultation: UUID) -> None:
    """Delete the public and the staff log of a consultation. No other log ever loses an entry."""
    await session.execute(delete(TileHash).where(TileHash.record_id == consultation))
    await session.execute(delete(Entry).where(Entry.record_id.in_(_logs(consultation))))
    await session.execute(delete(Record).where(Record.id.in_(_logs(consultation))))


def _logs(consultation: UUID) -> list[UUID]:
    return [log_id(log, consultation) for log in ("public", "staff")]
