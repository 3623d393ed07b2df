"""Contributions as CSV. What a spreadsheet would take for a formula is made plain text with a leading '."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from app.readings.exporting.table_rows import CODEBOOK, NAMES, codebook, table_rows

MARK = b"\xef\xbb\xbf"  # tells some spreadsheets that the file is UTF-8
_FORMULA = frozenset("=+-@\t\r")
_WRITTEN = [
    NAMES.index(name)
    for name in (
        "title", "body", "author_name", "organisation_name", "places", "endorsing_organisations", "tags", "provenance",
    )
]  # fmt: skip


def rows(texts: Iterable[bytes]) -> bytes:
    """The rows of contributions given as JSON texts."""
    return _written(_harmless(row) for row in table_rows(texts))


def codebook_file() -> bytes:
    """The codebook, a row for each column."""
    return _written([CODEBOOK, *codebook()])


def _written(given: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(given)
    return out.getvalue().encode()


def harmless(value: str) -> str:
    """What people wrote, as a cell that is no formula."""
    return f"'{value}" if value and value[0] in _FORMULA else value


def _harmless(row: list[Any]) -> list[Any]:
    """The row without formulas. Only what people write can be one."""
    for index in _WRITTEN:
        if row[index]:
            row[index] = harmless(row[index])
    return row


HEADING = _written([NAMES])
