"""Small tables for spreadsheets, made at once: as CSV, and as a workbook with a sheet for each.

No cell is a formula, whatever people wrote.
"""

import asyncio
import csv
import io
from collections.abc import Mapping, Sequence

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from app.readings.exporting.csv_rows import MARK, harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8; header=present"
Cell = str | int
Rows = Sequence[Sequence[Cell]]  # the first one has the names of the columns
_NAME = 31  # characters of a sheet's name
_WIDEST = 60


def as_csv(rows: Rows) -> bytes:
    """One table, with the mark by which spreadsheets tell that it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return MARK + out.getvalue().encode()


async def as_workbook(tables: Mapping[str, Rows]) -> bytes:
    """A workbook with a sheet for each table, under its name."""
    return await asyncio.to_thread(_workbook, tables)


def _workbook(tables: Mapping[str, Rows]) -> bytes:
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as workbook:
        heading, plain = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True, "valign": "top"})
        for name, rows in tables.items():
            sheet = workbook.add_worksheet(_sheet_name(name))
            sheet.freeze_panes(1, 1)
            for at, row in enumerate(rows):
                _write(sheet, at, row, plain if at else heading)
            for column, _name in enumerate(rows[0]):
                sheet.set_column(column, column, min(_WIDEST, 2 + max(len(str(row[column])) for row in rows)))
    return out.getvalue()


def _write(sheet: Worksheet, at: int, row: Sequence[Cell], look: object) -> None:
    for column, value in enumerate(row):
        if isinstance(value, int):
            sheet.write_number(at, column, value, look)
        else:
            sheet.write_string(at, column, value, look)


def _sheet_name(name: str) -> str:
    """Without the characters that no sheet's name may have."""
    return "".join(letter for letter in name if letter not in "[]:*?/\\").strip("'")[:_NAME]
