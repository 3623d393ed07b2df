"""Contributions as a workbook for spreadsheets (Office Open XML): one sheet of them, one with the codebook.

Its directory stands at the end, so it is made whole in a temporary file, row by row, and given from there. It bears
the time of the newest text in it: the same texts give the same bytes, whenever they are asked for.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from app import errors
from app.language import gettext as _
from app.language import number
from app.readings.exporting.table_rows import CODEBOOK, NAMES, codebook, table_rows
from app.readings.json_texts import Lines

MOST_ROWS = 1_048_575  # that a sheet holds beneath its heading
_LONGEST = 32_767  # of a cell, in units of UTF-16: most characters are one, emoji are two
_CUT = " […] (cut: a cell holds no more; the whole text is in export.jsonl)"
_UPDATED = NAMES.index("updated")
_PIECE = 64 * 1024
_OF_NOTHING = datetime(1970, 1, 1, tzinfo=UTC)


async def xlsx(chunks: AsyncIterable[Lines]) -> AsyncIterator[bytes]:
    """The file, in pieces. Raises TooLarge for more rows than a sheet holds."""
    with tempfile.TemporaryFile() as file:
        await _make(file, chunks)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


async def _make(file: IO[bytes], chunks: AsyncIterable[Lines]) -> None:
    workbook = Workbook(file, {"constant_memory": True, "in_memory": False})
    heading = workbook.add_format({"bold": True})
    sheet, at, newest = workbook.add_worksheet("contributions"), 1, ""
    sheet.freeze_panes(1, 1)
    _write(sheet, 0, NAMES, heading)
    async for texts in chunks:
        if at + len(texts) > MOST_ROWS:
            raise errors.TooLarge(
                _("A sheet holds %(most)s rows: please take export.csv or export.parquet.", most=number(MOST_ROWS))
            )
        for row in table_rows(texts):
            _write(sheet, at, row)
            at, newest = at + 1, max(newest, row[_UPDATED])
    meanings = workbook.add_worksheet("codebook")
    for index, meaning in enumerate((CODEBOOK, *codebook())):
        _write(meanings, index, meaning, heading if index == 0 else None)
    workbook.set_properties({
        "title": "Contributions", "comments": "What each column means is on the second sheet.",
        "created": datetime.fromisoformat(newest) if newest else _OF_NOTHING,
    })  # fmt: skip
    await asyncio.to_thread(workbook.close)


def _write(sheet: Worksheet, at: int, row: Sequence[Any], look: Any = None) -> None:
    """Texts as texts, whatever they begin with: no cell is a formula or a link."""
    for column, value in enumerate(row):
        if isinstance(value, int):
            sheet.write_number(at, column, value, look)
        elif value:
            sheet.write_string(at, column, value if _units(value) <= _LONGEST else _shortened(value), look)


def _units(value: str) -> int:
    return len(value.encode("utf-16-le")) // 2


def _shortened(value: str) -> str:
    kept = value.encode("utf-16-le")[: 2 * (_LONGEST - _units(_CUT))]
    return kept.decode("utf-16-le", "ignore") + _CUT  # half of a pair is left out
