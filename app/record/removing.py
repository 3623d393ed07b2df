"""A consultation's logs, deleted for good. Only the sample ever goes like this: see consultations/removing.py."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app.record.log import log_id
from app.record.models import Entry, Record


async def remove_logs(session: AsyncSession, consultation: UUID) -> None:
    """Delete the public and the staff log of a consultation. No other log ever loses an entry."""
    logs = [log_id(log, consultation) for log in ("public", "staff")]
    await session.execute(delete(Entry).where(Entry.record_id.in_(logs)))
    await session.execute(delete(Record).where(Record.id.in_(logs)))
