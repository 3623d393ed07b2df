"""Hashes of full subtrees, stored as soon as the entries are there: nobody has to read a whole log to know its root.

A row of `tile_hashes` is the hash of 256**level entries, so tile n of that level is the rows from 256 * n on. Level 0,
the entries' own hashes, is in the entries. The worker writes; until it has, checkpoints stay below (`sealed`).
"""

from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.record import tree
from app.record.models import Entry, Record, TileHash
from app.record.tree import WIDTH

_AT_ONCE = 64  # tiles of a log in one transaction: hashing more would keep requests waiting
_STORED = (
    select(func.coalesce(func.max(TileHash.position) + 1, 0))
    .where(TileHash.record_id == Record.id, TileHash.level == 1)
    .scalar_subquery()
)
COUNTS = (Record.size, _STORED)  # of a log: its entries, and the full tiles of level 0 whose hashes are stored


def sealed(size: int, stored: int) -> int:
    """How many of a log's entries a checkpoint covers: at most 255 more than those in stored tiles."""
    return min(size, stored * WIDTH + WIDTH - 1)


async def store(session: AsyncSession) -> None:
    """Store what is missing, a stretch of each log at a time."""
    query = select(Record.id, *COUNTS).where(Record.log == "public", Record.size >= (_STORED + 1) * WIDTH)
    for record, size, stored in (await session.execute(query)).all():
        for position in range(stored, min(size // WIDTH, stored + _AT_ONCE)):
            await _store_tile(session, record, position)


async def _store_tile(session: AsyncSession, record: UUID, position: int) -> None:
    """The hash of a tile of level 0 and, where it is the last of 256, of those above."""
    first = position * WIDTH
    leaves = select(Entry.leaf).where(Entry.record_id == record, Entry.seq > first, Entry.seq <= first + WIDTH)
    hashes = [leaf for leaf in await session.scalars(leaves.order_by(Entry.seq)) if leaf]
    level = 1
    while len(hashes) == WIDTH:
        row = {"record_id": record, "level": level, "position": position, "hash": tree.root_of(hashes)}
        await session.execute(insert(TileHash).values(row))
        position, place = divmod(position, WIDTH)
        if place < WIDTH - 1:
            return
        below = TileHash.position.between(position * WIDTH, position * WIDTH + WIDTH - 1)
        query = select(TileHash.hash).where(TileHash.record_id == record, TileHash.level == level, below)
        hashes = list(await session.scalars(query.order_by(TileHash.position)))
        level += 1
    raise ValueError(f"a full tile of the log {record} has {len(hashes)} hashes")
