"""Follow the logs: each consumer has a cursor in each log and sees every entry, in order.

The cursor moves in the transaction of what was done about the entries, so nothing is skipped and nothing done twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, column, delete, func, literal, select, update, values
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.record.models import Cursor, Entry, Record

BATCH = 200  # entries handled in one transaction
_STRIDE = 10_000  # entries looked through in one transaction


@dataclass(frozen=True, slots=True)
class Behind:
    """A log that has entries which a consumer has not seen."""

    consumer: str
    record: UUID


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as a consumer sees it."""

    record: UUID
    consultation: UUID | None
    seq: int
    time: datetime
    kind: str
    subject: UUID
    payload: dict[str, Any]


async def behind(connection: AsyncConnection, consumers: Collection[str]) -> list[Behind]:
    """Which of these consumers have something to see, and where. One cheap query, to be asked often."""
    names = values(column("name", Text), name="consumers").data([(name,) for name in consumers])
    query = (
        select(names.c.name, Record.id)
        .select_from(Record)
        .join(names, literal(True))
        .outerjoin(Cursor, (Cursor.consumer == names.c.name) & (Cursor.record_id == Record.id))
        .where(Record.size > func.coalesce(Cursor.seq, 0))
    )
    return [Behind(name, record) for name, record in await connection.execute(query)]


async def advance(session: AsyncSession, consumer: str, record: UUID, kinds: Collection[str]) -> Sequence[Seen]:
    """Lock a consumer's cursor, move it on, and return the entries of these kinds that it passed; what is done about
    them belongs into the same transaction."""
    place = (Cursor.consumer == consumer, Cursor.record_id == record)
    await session.execute(select(func.pg_advisory_xact_lock_shared(gate(record))))
    log = (await session.execute(select(Record.size, Record.consultation_id).where(Record.id == record))).one_or_none()
    if log is None:  # removed with its consultation
        return []
    await session.execute(upsert(Cursor).values(consumer=consumer, record_id=record).on_conflict_do_nothing())
    start = int(await session.scalar(select(Cursor.seq).where(*place).with_for_update()) or 0)
    end = min(log.size, start + _STRIDE)
    query = (
        select(Entry.seq, Entry.time, Entry.kind, Entry.subject, Entry.payload)
        .where(Entry.record_id == record, Entry.seq > start, Entry.seq <= end, Entry.kind.in_(kinds))
        .order_by(Entry.seq)
        .limit(BATCH)
    )
    rows = (await session.execute(query)).all()
    if len(rows) == BATCH:
        end = rows[-1].seq
    await session.execute(update(Cursor).where(*place).values(seq=end, failures=0))
    return [Seen(record, log.consultation_id, *row) for row in rows]


def gate(record: UUID) -> int:
    """The advisory lock that consumers share while they are at work in a log. Who removes it takes it alone."""
    return int.from_bytes(record.bytes[-8:], "big", signed=True)


async def note_failure(session: AsyncSession, consumer: str, record: UUID) -> int:
    """Count a failure of a consumer in a log, and return how many there were in a row."""
    row = upsert(Cursor).values(consumer=consumer, record_id=record, failures=1)
    counted = row.on_conflict_do_update(
        index_elements=[Cursor.consumer, Cursor.record_id], set_={"failures": func.least(Cursor.failures + 1, 1000)}
    ).returning(Cursor.failures)
    return int(await session.scalar(counted) or 1)


async def forget_removed_logs(session: AsyncSession) -> None:
    """Delete the cursors in logs that were removed with their consultation."""
    await session.execute(delete(Cursor).where(~select(Record.id).where(Record.id == Cursor.record_id).exists()))
