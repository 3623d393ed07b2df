"""Contributions as Apache Parquet, written piece by piece: a row group for so many contributions.

The library for it (pyarrow, the extra `parquet`) is large, so it is looked for only when somebody asks.
"""

import io
from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime
from typing import Any

from app import errors
from app.readings.json_texts import Texts
from app.readings.table_rows import COLUMNS, table_rows

_GROUP = 2_000  # contributions


async def parquet(chunks: AsyncIterable[Texts]) -> AsyncIterator[bytes]:
    """The file, in pieces. Its columns are those of the codebook, with their types, and `meaning` in their metadata.

    Raises Unavailable where pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet as pq
    except ImportError:
        raise errors.Unavailable("Parquet needs the library pyarrow here: ask the operator to install it.") from None
    types = {"text": pa.string(), "number": pa.int64(), "moment": pa.timestamp("ms", tz="UTC")}
    schema = pa.schema([pa.field(each.name, types[each.type], metadata={"meaning": each.meaning}) for each in COLUMNS])
    written = io.BytesIO()
    with pq.ParquetWriter(pa.PythonFile(_Unseekable(written), mode="w"), schema, compression="zstd") as writer:
        async for rows in _groups(chunks):
            columns = zip(zip(*rows, strict=True), schema, strict=True)
            arrays = [pa.array(values, field.type) for values, field in columns]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            yield _taken(written)
    yield _taken(written)


async def _groups(chunks: AsyncIterable[Texts]) -> AsyncIterator[list[list[Any]]]:
    rows: list[list[Any]] = []
    async for texts in chunks:
        rows += map(_typed, table_rows(texts))
        if len(rows) >= _GROUP:
            yield rows
            rows = []
    if rows:
        yield rows


def _typed(row: list[Any]) -> list[Any]:
    for index in _MOMENTS:
        row[index] = datetime.fromisoformat(row[index]) if row[index] else None
    return row


_MOMENTS = [index for index, column in enumerate(COLUMNS) if column.type == "moment"]


class _Unseekable(io.RawIOBase):
    """Writes into a buffer that is emptied on the way; Parquet only needs to know how far it has come."""

    def __init__(self, written: io.BytesIO) -> None:
        self._written, self._come = written, 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._come += self._written.write(piece)
        return len(piece)

    def tell(self) -> int:
        return self._come


def _taken(written: io.BytesIO) -> bytes:
    piece = written.getvalue()
    written.seek(0)
    written.truncate()
    return piece
