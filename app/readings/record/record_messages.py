"""Entries one by one, for those who are brought them: exactly as `changes` gives them."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import errors
from app.consultations.models import Consultation
from app.language import gettext as _
from app.readings.record.changes import changes
from app.record.models import Entry, Record


@dataclass(frozen=True, slots=True)
class Message:
    """An entry as JSON; or no body, where nothing that is wanted comes up to `seq`."""

    seq: int
    body: bytes | None = None


async def sizes(connection: AsyncConnection, consultations: Collection[UUID]) -> dict[UUID, int]:
    """How many entries the public records of these consultations have."""
    query = select(Record.id, Record.size).where(Record.id.in_(consultations))
    return {row.id: row.size for row in await connection.execute(query)}


async def next_message(
    connection: AsyncConnection, consultation: UUID, base: str, after: int, kinds: Collection[str]
) -> Message:
    """The first entry after `after`, of one of these kinds if there are any. Raises NotFound."""
    place = select(Record.size, Consultation.slug).join(Consultation, Consultation.id == Record.id)
    row = (await connection.execute(place.where(Record.id == consultation))).one_or_none()
    if row is None:
        raise errors.NotFound(_("There is no such consultation."))
    wanted = [Entry.kind.in_(kinds)] if kinds else []
    query = select(func.min(Entry.seq)).where(
        Entry.record_id == consultation, Entry.seq > after, Entry.seq <= row.size, Entry.public, *wanted
    )
    seq = await connection.scalar(query)
    if seq is None:
        return Message(max(after, row.size))
    found = await changes(connection, consultation, f"{base}/c/{row.slug}/", seq - 1, 1)
    return Message(seq, next(iter(found.items)))
