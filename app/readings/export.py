"""Everything public of a consultation, in chunks: constant memory, and no connection held while a client is slow."""

from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, select

from app.contributions.models import Publication
from app.database import Database
from app.database.prepared import Prepared
from app.readings import json_texts
from app.readings.json_texts import Texts

CHUNK = 250  # what is small stays in the caches of the processor


async def chunks(database: Database, consultation: UUID, prefix: str) -> AsyncIterator[Texts]:
    """All published contributions by number, as JSON texts, a chunk at a time.

    Each chunk is read in a short transaction of its own. What changes meanwhile is in `changes` after the record's size
    at the start.
    """
    last, more = 0, True
    while more:
        async with database.asking() as driver:
            rows = await _CHUNK.rows(driver, consultation=consultation, last=last, most=CHUNK)
        if rows:
            yield json_texts.texts(rows, prefix)
            last = rows[-1]["number"]
        more = len(rows) == CHUNK


_CHUNK = Prepared(
    select(*json_texts.COLUMNS)
    .where(
        Publication.consultation_id == bindparam("consultation", type_=Uuid()),
        Publication.number > bindparam("last", type_=Integer()),
    )
    .order_by(Publication.number)
    .limit(bindparam("most", type_=Integer()))
)
