"""Everything public of a consultation, in chunks: constant memory, and no connection held while a client is slow."""

from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy import select

from app.contributions.models import Publication
from app.database import Database
from app.readings import json_texts
from app.readings.json_texts import Texts

CHUNK = 1_000


async def chunks(database: Database, consultation: UUID, prefix: str) -> AsyncIterator[Texts]:
    """All published contributions by number, as JSON texts, up to 1,000 at a time.

    Each chunk is read in a short transaction of its own. What changes meanwhile is in `changes` after the record's size
    at the start.
    """
    last = 0
    while True:
        query = (
            select(*json_texts.COLUMNS)
            .where(Publication.consultation_id == consultation, Publication.number > last)
            .order_by(Publication.number)
            .limit(CHUNK)
        )
        async with database.glancing() as connection:
            rows = (await connection.execute(query)).all()
        if rows:
            yield json_texts.texts(rows, prefix)
            last = rows[-1].number
        if len(rows) < CHUNK:
            return
