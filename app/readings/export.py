"""Everything public of a consultation, in chunks: constant memory, and no connection held while a client is slow."""

from collections.abc import AsyncIterator
from itertools import chain
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, func, literal_column, select, true

from app.contributions.models import Publication
from app.database import Database
from app.database.prepared import Prepared
from app.readings import json_texts
from app.readings.json_texts import Texts

CHUNK = 250  # numbers read together: what is small stays in the caches of the processor
_TOGETHER = 50  # numbers in a row: Postgres sends a long row in one piece, many short ones in many


async def chunks(database: Database, consultation: UUID, prefix: str) -> AsyncIterator[Texts]:
    """All published contributions by number, as JSON texts, a chunk at a time.

    Each chunk is read in a short transaction of its own. What changes meanwhile is in `changes` after the record's size
    at the start.
    """
    async with database.asking() as driver:
        highest = await _HIGHEST.row(driver, consultation=consultation)
    for first in range(1, (highest[0] if highest else 0) + 1, CHUNK):
        async with database.asking() as driver:
            rows = await _CHUNK.rows(driver, consultation=consultation, first=first, last=first + CHUNK - 1)
        if found := [zip(*row, strict=True) for row in rows if row[0]]:
            yield json_texts.texts(chain.from_iterable(found), prefix)


_CONSULTATION = bindparam("consultation", type_=Uuid())
_HIGHEST = Prepared(
    select(Publication.number)
    .where(Publication.consultation_id == _CONSULTATION)
    .order_by(Publication.number.desc())
    .limit(1)
)


def _chunk() -> Prepared:
    """Rows of arrays, one array for each of COLUMNS; of a stretch in which nothing is public, NULLs."""
    first, last = bindparam("first", type_=Integer()), bindparam("last", type_=Integer())
    starts = (
        func.generate_series(first, last, literal_column(str(_TOGETHER)))
        .table_valued("number", name="starts")
        .render_derived()
    )
    stretch = (
        select(*json_texts.COLUMNS)
        .where(
            Publication.consultation_id == _CONSULTATION,
            Publication.number.between(
                starts.c.number, func.least(starts.c.number + literal_column(str(_TOGETHER - 1)), last)
            ),
        )
        .order_by(Publication.number)
        .correlate(starts)
        .subquery()
    )
    arrays = select(*(func.array_agg(column) for column in stretch.c)).lateral("arrays")
    return Prepared(select(*arrays.c).select_from(starts).join(arrays, true()).order_by(starts.c.number))


_CHUNK = _chunk()
