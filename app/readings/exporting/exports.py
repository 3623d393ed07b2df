"""The formats of an export: each makes of chunks of contributions the pieces of a file."""

from collections.abc import AsyncIterable, AsyncIterator, Callable
from dataclasses import dataclass

from app.readings.exporting import csv_rows
from app.readings.exporting.parquet_file import parquet
from app.readings.exporting.xlsx_file import xlsx
from app.readings.json_texts import Lines

Written = Callable[[AsyncIterable[Lines]], AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is written, and what it is called on the way (RFC 6838)."""

    written: Written
    media_type: str


def _pieces(written: Callable[[Lines], bytes], heading: bytes = b"") -> Written:
    async def pieces(chunks: AsyncIterable[Lines]) -> AsyncIterator[bytes]:
        if heading:
            yield heading
        async for texts in chunks:
            yield written(texts)

    return pieces


_CSV = "text/csv; charset=utf-8; header=present"
FORMATS = {
    "jsonl": Format(_pieces(Lines.whole), "application/jsonl"),
    "csv": Format(_pieces(csv_rows.rows, csv_rows.HEADING), _CSV),
    "parquet": Format(parquet, "application/vnd.apache.parquet"),
    "xlsx": Format(xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
MARKED_CSV = Format(_pieces(csv_rows.rows, csv_rows.MARK + csv_rows.HEADING), _CSV)  # with a byte order mark
