"""Everything public of a consultation, in chunks: constant memory, and no connection held while a client is slow."""

from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, func, literal_column, select, true

from app.contributions.models import Publication
from app.database import Database
from app.database.prepared import Prepared
from app.readings import json_texts
from app.readings.json_texts import Lines

CHUNK = 512  # numbers read together: to ask at all takes as long as to read some dozens of them
_TOGETHER = 16  # numbers in a row: of larger pieces the memory is new each time, of smaller ones there are more to send


async def chunks(database: Database, consultation: UUID, prefix: str) -> AsyncIterator[Lines]:
    """All published contributions by number, as JSON lines, a chunk at a time.

    Each chunk is read in a short transaction of its own. What changes meanwhile is in `changes` after the record's size
    at the start.
    """
    beginning = json_texts.beginning(prefix)
    async with database.asking() as driver:
        highest = await _HIGHEST.row(driver, consultation=consultation)
    for first in range(1, (highest[0] if highest else 0) + 1, CHUNK):
        async with database.asking() as driver:
            rows = await _CHUNK.rows(
                driver, consultation=consultation, beginning=beginning, first=first, last=first + CHUNK - 1
            )
        if pieces := [row[0] for row in rows if row[0]]:
            yield Lines(pieces)


_CONSULTATION = bindparam("consultation", type_=Uuid())
_HIGHEST = Prepared(
    select(Publication.number)
    .where(Publication.consultation_id == _CONSULTATION)
    .order_by(Publication.number.desc())
    .limit(1)
)


def _chunk() -> Prepared:
    """Rows of a piece each; of a stretch in which nothing is public, an empty one."""
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
    )
    pieces = json_texts.piece_of(stretch).lateral("pieces")
    return Prepared(select(pieces.c.piece).select_from(starts).join(pieces, true()).order_by(starts.c.number))


_CHUNK = _chunk()
