"""A table as CSV: what separates its cells is told by the first line, which names the columns."""

import codecs
import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from app.language import gettext as _
from app.synthesis.qdpx.archive import refused

_LONGEST = 131_072  # characters of a cell
_MOST = 10_000  # rows
_CALLED = {
    "name": "name", "code": "name", "label": "name", "definition": "definition", "description": "definition",
    "colour": "colour", "color": "colour", "parent": "parent", "parent code": "parent", "id": "id", "guid": "id",
    "number": "number", "gist": "gist", "revision": "revision",
}  # fmt: skip
_FORMULA = tuple("=+-@\t\r")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of ours that a table has, and its rows by them. To be read once."""

    columns: frozenset[str]
    rows: Iterator[Row]


def table(content: bytes) -> Table:
    """The table in a file. It, and reading its rows, raise Invalid with a sentence on what is wrong."""
    words = _decoded(content)
    first = words.partition("\n")[0]
    # Headings may be sentences with commas in them, so it is not the commonest sign that counts.
    between = max(",;\t", key=lambda sign: (_known(first, sign), first.count(sign)))
    columns = _columns(first, between)
    return Table(frozenset(filter(None, columns)), _rows(words, between, columns))


def _decoded(content: bytes) -> str:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError:
        raise refused(
            _("This is no file that can be read here: neither REFI-QDA (.qdpx, .qdc) nor CSV in UTF-8.")
        ) from None


def _columns(first: str, between: str) -> list[str]:
    """Our names of the columns, empty for others'. The proceedings' grid has its own, in the reader's language."""
    grid = {_("Number"): "number", _("Gist (draft, not public)"): "gist", _("Gist, for you to write"): "gist"}
    called = {name.casefold(): ours for name, ours in grid.items()} | _CALLED
    try:
        named = next(csv.reader([first.rstrip("\r")], delimiter=between), [])
    except csv.Error:
        return []
    return [called.get(name.strip().casefold(), "") for name in named]


def _known(first: str, between: str) -> int:
    return len(set(filter(None, _columns(first, between))))


def _rows(words: str, between: str, columns: Sequence[str]) -> Iterator[Row]:
    try:
        lines = csv.reader(StringIO(words, newline=""), delimiter=between)
        next(lines, None)
        for count, line in enumerate(lines):
            if count >= _MOST:
                raise refused(_("There are more than %(most)s rows in this file.", most=_MOST))
            if any(len(cell) > _LONGEST for cell in line):  # the library's own limit is for the whole process to set
                raise csv.Error
            if any(cell.strip() for cell in line):
                yield {name: _bare(cell) for name, cell in zip(columns, line, strict=False) if name}
    except csv.Error:
        raise refused(_("This CSV file is damaged: a cell is not closed, or too long.")) from None


def _bare(cell: str) -> str:
    """A cell without the mark that keeps it from being a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
