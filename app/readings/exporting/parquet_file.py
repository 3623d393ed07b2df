"""Contributions as Apache Parquet, written piece by piece: a row group for so many contributions.

The library for it (pyarrow, the extra `parquet`) is large, so it is looked for only when somebody asks. It works in a
thread: a group takes a tenth of a second, in which others would wait.
"""

import asyncio
import io
from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime
from typing import Any

from app import errors
from app.language import gettext as _
from app.readings.exporting.table_rows import COLUMNS, table_rows
from app.readings.json_texts import Lines

_GROUP = 2_000  # contributions


async def parquet(chunks: AsyncIterable[Lines]) -> AsyncIterator[bytes]:
    """The file, in pieces. Its columns are those of the codebook, with their types, and `meaning` in their metadata.

    Raises Unavailable where pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet as pq
    except ImportError:
        raise errors.Unavailable(
            _(
                "Parquet needs a library that is not installed here: ask the operator to install Plenary’s extra "
                "“parquet” (pyarrow), or take CSV or JSON lines."
            )
        ) from None
    schema = _schema(pa)
    written = io.BytesIO()

    def encoded(writer: Any, group: list[bytes]) -> bytes:
        columns = zip(zip(*map(_typed, table_rows(group, joined=False)), strict=True), schema, strict=True)
        arrays = [pa.array(values, field.type) for values, field in columns]
        writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        return _taken(written)

    with pq.ParquetWriter(pa.PythonFile(_Unseekable(written), mode="w"), schema, compression="zstd") as writer:
        async for group in _groups(chunks):
            yield await asyncio.to_thread(encoded, writer, group)
    yield _taken(written)


def _schema(pa: Any) -> Any:
    text = pa.string()
    types = {
        "text": text, "number": pa.int64(), "moment": pa.timestamp("ms", tz="UTC"), "list": pa.list_(text),
        "places": pa.list_(pa.struct([(part, text) for part in ("city", "country", "role")])),
    }  # fmt: skip
    return pa.schema([pa.field(each.name, types[each.type], metadata={"meaning": each.meaning}) for each in COLUMNS])


async def _groups(chunks: AsyncIterable[Lines]) -> AsyncIterator[list[bytes]]:
    group: list[bytes] = []
    async for texts in chunks:
        group += texts
        if len(group) >= _GROUP:
            yield group
            group = []
    if group:
        yield group


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
