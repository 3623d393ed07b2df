"""Bytes on their way: out of the database into the bucket, back for who reads them, and out of the bucket for good."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, exists, insert, select, update

from app import clock
from app.bucket import store
from app.bucket.models import BucketRemoval
from app.database import Database

_AT_ONCE = 10
_TIME_TO_ARRIVE = timedelta(minutes=10)  # far more than the store tries for


async def content_of(content: bytes | None, bucket_key: str | None) -> bytes:
    """The bytes of a file that is held, wherever they are. Raises Unavailable."""
    if content is not None:
        return content
    assert bucket_key is not None  # a file is in one of the two places until it is forgotten
    return await store.get(bucket_key)


async def move_out(database: Database, table: Any) -> bool:
    """Bring some files of a table, which has `id`, `hash`, `content` and `bucket_key`, into the bucket, if one is set.

    No transaction is open while the bucket works; what is cut off is done again. Returns whether there may be more.
    Raises Unavailable.
    """
    if not store.is_set():
        return False
    held = select(table.id, table.hash, table.content).where(table.content.is_not(None), table.bucket_key.is_(None))
    async with database.writing() as session:
        rows = (await session.execute(held.limit(_AT_ONCE))).all()
    for row in rows:
        await _bring(database, table, row)
    return len(rows) == _AT_ONCE


async def _bring(database: Database, table: Any, row: Any) -> None:
    """One file, under a name of its own each time. Until a row holds it, it is noted as something to remove.

    Whoever has waited so long that the note has gone, and perhaps the object with it, leaves the row as it is.
    """
    key = f"{table.__tablename__}/{row.id}/{clock.new_id()}"
    noted = BucketRemoval.key == key
    async with database.writing() as session:
        await session.execute(insert(BucketRemoval).values(key=key, due=clock.now() + _TIME_TO_ARRIVE))
    await store.put(key, row.content)
    unchanged = (table.id == row.id, table.hash == row.hash, table.content.is_not(None))
    moved = update(table).where(*unchanged, exists().where(noted)).values(content=None, bucket_key=key)
    async with database.writing() as session:
        held = await session.scalar(moved.returning(table.id).execution_options(synchronize_session=False))
        if held is not None:
            await session.execute(delete(BucketRemoval).where(noted))
        else:
            await session.execute(update(BucketRemoval).where(noted).values(due=clock.now()))


async def remove_left(database: Database) -> bool:
    """Remove from the bucket some of what no row holds any more. Returns and raises as `move_out`."""
    if not store.is_set():
        return False
    async with database.writing() as session:
        due = select(BucketRemoval.key).where(BucketRemoval.due <= clock.now()).order_by(BucketRemoval.due)
        keys = (await session.scalars(due.limit(_AT_ONCE))).all()
    for key in keys:
        await store.remove(key)
        async with database.writing() as session:
            await session.execute(delete(BucketRemoval).where(BucketRemoval.key == key))
    return len(keys) == _AT_ONCE
