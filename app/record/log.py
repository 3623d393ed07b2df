"""Append to a log; number contributions.

`append` takes the next numbers by updating the log's own row. Call it late: the row stays locked until the transaction
ends, which is what makes numbers dense and visible in order. Who has seen entry N has seen all up to N.
An act that writes to several logs takes them in the order public, staff, service, so that no two wait for each other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Integer, Uuid, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.database.bulk import NewRow
from app.database.prepared import Prepared
from app.language import gettext as _
from app.record import commitments
from app.record.kinds import DEFINES, KINDS, Log
from app.record.models import Entry, Record
from app.record.sealed import OWN_CHANGES, STILL_TAKEN

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
    rows = [
        {"id": log_id(log, consultation), "consultation_id": consultation, "log": log} for log in ("public", "staff")
    ]
    await session.execute(insert(Record), rows)
    await ensure_service_log(session)


async def ensure_service_log(session: AsyncSession) -> None:
    """Make the service log where there is none yet."""
    row = {"id": SERVICE, "log": "service"}
    await session.execute(upsert(Record).values(row).on_conflict_do_nothing())


# Made once: a statement that is made anew for each text costs more than running it.
_TAKE = Prepared(
    update(Record)
    .where(Record.id == bindparam("record", type_=Uuid()))
    .values(
        size=Record.size + bindparam("entries", type_=Integer()),
        numbers=Record.numbers + bindparam("more", type_=Integer()),
    )
    .returning(Record.size, Record.numbers, Record.sealed)
)
_WRITE = insert(Entry)
_DEFINE = update(Record).where(Record.id == bindparam("record")).values(defined=bindparam("seq"))


@dataclass(frozen=True, slots=True)
class Turn:
    """A place taken in a log: the sequence numbers from `seq` on, and contribution numbers from `number` on."""

    record: UUID
    log: Log
    seq: int
    number: int
    sealed: bool = False  # the consultation is archived


async def take_turn(
    session: AsyncSession, log: Log, consultation: UUID | None, entries: int = 1, numbers: int = 0
) -> Turn:
    """Take the next sequence and contribution numbers. From here to the commit nobody else appends to this log.

    Raises NotFound where there is no such log.
    """
    record = log_id(log, consultation)
    counters = await _TAKE.row(session, record=record, entries=entries, more=numbers)
    if counters is None and log == "service":
        await ensure_service_log(session)
        return await take_turn(session, log, None, entries)
    if counters is None:
        raise errors.NotFound(f"There is no {log} log for this.")
    sealed = counters["sealed"] is not None and counters["sealed"] <= clock.now()
    return Turn(record, log, counters["size"] - entries + 1, counters["numbers"] - numbers + 1, sealed)


async def hold(session: AsyncSession, consultations: Collection[UUID]) -> None:
    """Keep the logs of these consultations to oneself until the commit, for an act that writes to them by turns: they
    are taken here in the one order, which it could not keep otherwise."""
    its = select(Record.id).where(Record.consultation_id.in_(consultations))
    its = its.order_by(Record.consultation_id, Record.log)  # public before staff
    await session.execute(its.with_for_update(key_share=True))


async def append(session: AsyncSession, consultation: UUID | None, kind: str, subject: UUID, /, **payload: Any) -> int:
    """Append one entry and return its sequence number. Raises ValueError for what the vocabulary does not know."""
    drafts = [Draft(kind, subject, payload)]
    turn = await take_turn(session, _only_log(drafts), consultation)
    await write(session, turn, drafts)
    return turn.seq


async def write(session: AsyncSession, turn: Turn, drafts: Sequence[Draft]) -> None:
    """Write the entries that a turn was taken for, in order.

    Raises ValueError where a kind or field is unknown or belongs to another log, and Closed for what an archived
    consultation does not take.
    """
    if _only_log(drafts) != turn.log:
        raise ValueError(f"these entries do not belong to the {turn.log} log")
    _require_taken(turn, drafts)
    time = clock.now()
    connection = await session.connection()
    await connection.execute(
        _WRITE,
        [_row(turn.record, turn.log == "public", time, turn.seq + index, draft) for index, draft in enumerate(drafts)],
    )
    defining = [turn.seq + index for index, draft in enumerate(drafts) if draft.kind in DEFINES]
    if defining:
        await connection.execute(_DEFINE, {"record": turn.record, "seq": defining[-1]})


def entry(turn: Turn, draft: Draft) -> NewRow:
    """The only entry of a turn as a row that is still to be written, for whoever writes it together with others.

    Raises ValueError as `write` does.
    """
    if _only_log([draft]) != turn.log:
        raise ValueError(f"this entry does not belong to the {turn.log} log")
    _require_taken(turn, [draft])
    return Entry, _row(turn.record, turn.log == "public", clock.now(), turn.seq, draft)


async def seal(session: AsyncSession, consultation: UUID, since: datetime | None) -> None:
    """Archive a consultation from a moment on: its logs take no more than `STILL_TAKEN`. None opens them again."""
    logs = Record.consultation_id == consultation
    await session.execute(update(Record).where(logs, Record.sealed.is_distinct_from(since)).values(sealed=since))


async def size(session: AsyncSession, record: UUID) -> int:
    """How many entries a log has, as this transaction sees it."""
    return int(await session.scalar(select(Record.size).where(Record.id == record)) or 0)


def public_form(seq: int, time: Any, kind: str, subject: UUID, payload: dict[str, Any]) -> dict[str, Any]:
    """An entry as it is hashed and published: `seq`, `time`, `kind`, `subject`, then its payload."""
    return {"seq": seq, "time": clock.iso(time), "kind": kind, "subject": str(subject), **payload}


def _require_taken(turn: Turn, drafts: Sequence[Draft]) -> None:
    if turn.sealed and not all(_is_still_taken(draft) for draft in drafts):
        raise errors.Closed(_("This consultation is archived: it is there to be read, and nothing in it changes."))


def _is_still_taken(draft: Draft) -> bool:
    changed = draft.payload.get("changed")
    if draft.kind == "consultation.updated" and changed == ["team"]:  # who is named for a role may want it no longer
        return True
    return draft.kind in STILL_TAKEN or (
        draft.kind in ("contribution.updated", "text.updated") and set(changed or ("anything",)) <= OWN_CHANGES
    )


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
