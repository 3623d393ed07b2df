"""Append to a log; number contributions.

`append` takes the next numbers by updating the log's own row. Call it late: the row stays locked until the transaction
ends, which is what makes numbers dense and visible in order. Who has seen entry N has seen all up to N.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.record import commitments
from app.record.kinds import KINDS, Log
from app.record.models import Entry, Record

SERVICE = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be: its kind, its subject and what it carries."""

    kind: str
    subject: UUID
    payload: dict[str, Any]


def log_id(log: Log, consultation: UUID | None) -> UUID:
    """The identifier of a log: the consultation's own for its public log."""
    if log == "service" or consultation is None:
        return SERVICE
    return consultation if log == "public" else uuid5(consultation, "staff")


async def begin(session: AsyncSession, consultation: UUID) -> None:
    """Make the public and the staff log of a new consultation, and the service log where there is none yet."""
    rows = [{"id": log_id(log, consultation), "consultation_id": consultation, "log": log} for log in ("public", "staff")]
    await session.execute(insert(Record), rows)
    await ensure_service_log(session)


async def ensure_service_log(session: AsyncSession) -> None:
    """Make the service log where there is none yet."""
    row = {"id": SERVICE, "log": "service"}
    await session.execute(upsert(Record).values(row).on_conflict_do_nothing())


async def append(session: AsyncSession, consultation: UUID | None, kind: str, subject: UUID, **payload: Any) -> int:
    """Append one entry and return its sequence number. Raises ValueError for what the vocabulary does not know."""
    return await append_all(session, consultation, [Draft(kind, subject, payload)])


async def append_all(session: AsyncSession, consultation: UUID | None, drafts: Sequence[Draft]) -> int:
    """Append entries of one log in one go and return the sequence number of the first.

    Raises ValueError where a kind or field is unknown or the kinds belong to several logs, NotFound where there is no log.
    """
    log = _only_log(drafts)
    record = log_id(log, consultation)
    size = await session.scalar(
        update(Record).where(Record.id == record).values(size=Record.size + len(drafts)).returning(Record.size)
    )
    if size is None:
        raise errors.NotFound(f"There is no {log} log for this.")
    first = size - len(drafts) + 1
    time = clock.now()
    await session.execute(
        insert(Entry),
        [_row(record, log == "public", time, first + index, draft) for index, draft in enumerate(drafts)],
    )
    return int(first)


async def take_numbers(session: AsyncSession, consultation: UUID, count: int = 1) -> int:
    """Take the next `count` public numbers and return the first. Like `append`, call it late."""
    row = Record.id == consultation
    last = await session.scalar(update(Record).where(row).values(numbers=Record.numbers + count).returning(Record.numbers))
    if last is None:
        raise errors.NotFound("There is no such consultation.")
    return int(last) - count + 1


async def size(session: AsyncSession, record: UUID) -> int:
    """How many entries a log has, as this transaction sees it."""
    return int(await session.scalar(select(Record.size).where(Record.id == record)) or 0)


def public_form(seq: int, time: Any, kind: str, subject: UUID, payload: dict[str, Any]) -> dict[str, Any]:
    """An entry as it is hashed and published: `seq`, `time`, `kind`, `subject`, then its payload."""
    return {"seq": seq, "time": clock.iso(time), "kind": kind, "subject": str(subject), **payload}


def _only_log(drafts: Sequence[Draft]) -> Log:
    for draft in drafts:
        known = KINDS.get(draft.kind)
        if known is None:
            raise ValueError(f"unknown kind of entry: {draft.kind}")
        if unknown := set(draft.payload) - known.fields:
            raise ValueError(f"{draft.kind} does not carry {', '.join(sorted(unknown))}")
    logs = {KINDS[draft.kind].log for draft in drafts}
    if len(logs) != 1:
        raise ValueError("entries appended together belong to one log")
    return logs.pop()


def _row(record: UUID, public: bool, time: Any, seq: int, draft: Draft) -> dict[str, Any]:
    payload = {name: _plain(value) for name, value in draft.payload.items() if value is not None}
    leaf = commitments.leaf(public_form(seq, time, draft.kind, draft.subject, payload)) if public else None
    return {
        "record_id": record, "seq": seq, "public": public, "time": time,
        "kind": draft.kind, "subject": draft.subject, "payload": payload, "leaf": leaf,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
