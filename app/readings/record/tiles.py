"""Tiles of a log's tree and bundles of its entries, each read by its key: 256 rows at most."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import errors, record
from app.consultations.models import Consultation
from app.language import gettext as _
from app.record import commitments, tree
from app.record.models import Entry, TileHash
from app.record.tree import WIDTH

MOST = 2**31 // WIDTH - 1  # tiles of a level: sequence numbers are no larger


@dataclass(frozen=True, slots=True)
class Log:
    """A consultation's log. A sample's may be removed, and another come in its place."""

    id: UUID
    sample: bool


async def log(connection: AsyncConnection, slug: str) -> Log:
    """The log of a consultation. Raises NotFound."""
    query = select(Consultation.id, Consultation.sample).where(Consultation.slug == slug)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise errors.NotFound(_("There is no such consultation."))
    return Log(*row)


async def tile(connection: AsyncConnection, log: UUID, level: int, index: int, width: int) -> bytes:
    """So many hashes of a tile; fewer where there are no more."""
    first = index * WIDTH
    if level:
        place = TileHash.position.between(first, first + width - 1)
        query = select(TileHash.hash).where(TileHash.record_id == log, TileHash.level == level, place)
        return b"".join(await connection.scalars(query.order_by(TileHash.position)))
    leaves = select(Entry.leaf).where(Entry.record_id == log, Entry.seq.between(first + 1, first + width), Entry.public)
    return b"".join(leaf for leaf in await connection.scalars(leaves.order_by(Entry.seq)) if leaf)


async def read(
    connection: AsyncConnection, log: UUID, wanted: Collection[tuple[int, int]], size: int
) -> dict[tuple[int, int], bytes]:
    """These tiles, as wide as they are in a tree of this size."""
    return {(level, index): await tile(connection, log, level, index, tree.width(size, level, index))
            for level, index in wanted}  # fmt: skip


async def entries(connection: AsyncConnection, log: UUID, first: int, count: int) -> list[bytes]:
    """Entries as they are hashed, from number `first` (counted from 0) on; fewer where there are no more."""
    query = select(Entry.seq, Entry.time, Entry.kind, Entry.subject, Entry.payload).where(
        Entry.record_id == log, Entry.seq.between(first + 1, first + count), Entry.public
    )
    rows = (await connection.execute(query.order_by(Entry.seq))).all()
    return [commitments.canonical(record.public_form(*row)) for row in rows]
