"""A code book as a table: a row for each code, with its name and, if one likes, definition, colour and parent."""

import codecs
import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from io import StringIO
from uuid import UUID

from app import clock
from app.language import gettext as _
from app.synthesis.code_words import COLOURS
from app.synthesis.qdpx.archive import refused
from app.synthesis.qdpx.model import Code, Project

COLUMNS = ("name", "definition", "colour", "parent")
BETWEEN = " > "  # codes on the way down to one
_LONGEST = 131_072  # characters of a cell
_MOST = 10_000  # rows
_CALLED = {
    "name": "name", "code": "name", "label": "name", "definition": "definition", "description": "definition",
    "colour": "colour", "color": "colour", "parent": "parent", "parent code": "parent", "id": "id", "guid": "id",
}  # fmt: skip
_FORMULA = tuple("=+-@\t\r")
_Row = Mapping[str, str]


def read_table(content: bytes) -> Project:
    """The codes in a CSV file whose first line names its columns. Raises Invalid with a sentence on what is wrong."""
    aside: list[str] = []
    rows = [row for row in _rows(_decoded(content)) if _named(row, aside)]
    return Project(codes=_codes(rows, aside), aside=aside)


def _decoded(content: bytes) -> str:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError:
        raise refused(
            _("This is no file that can be read here: neither REFI-QDA (.qdpx, .qdc) nor CSV in UTF-8.")
        ) from None


def _rows(words: str) -> Iterator[_Row]:
    """The rows, each by the names of our columns."""
    first = words.partition("\n")[0]
    between = max(",;\t", key=first.count)
    try:
        lines = csv.reader(StringIO(words, newline=""), delimiter=between)
        columns = [_CALLED.get(name.strip().casefold(), "") for name in next(lines, [])]
        if "name" not in columns:
            raise refused(
                _("The first line names no column “name”. It may name these: %(columns)s.", columns=", ".join(COLUMNS))
            )
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


def _named(row: _Row, aside: list[str]) -> bool:
    if row.get("name", "").strip():
        return True
    beginning = row.get("definition", "")[:60]
    aside.append(_("A row without a name is left out: “%(beginning)s”.", beginning=beginning))
    return False


def _codes(rows: Sequence[_Row], aside: list[str]) -> list[Code]:
    """The codes, each after its parent. A parent is named by its name or by all names on the way down to it."""
    guids = [_guid(row) for row in rows]
    backwards = [(row, place) for place, row in reversed(list(enumerate(rows)))]  # of equals the first counts
    by_name = {_key(row["name"]): place for row, place in backwards}
    by_path = {_key(f"{row.get('parent', '')}{BETWEEN}{row['name']}"): place for row, place in backwards}
    parents = [_parent(row, by_path, by_name) for row in rows]
    for row, parent in zip(rows, parents, strict=True):
        if parent is None and row.get("parent", "").strip():
            aside.append(
                _("“%(name)s” comes without a parent: there is no row of the name “%(parent)s”.",
                  name=row["name"][:200], parent=row["parent"][:200])
            )  # fmt: skip
    found: dict[int, Code] = {}
    for place in range(len(rows)):
        for each in _way_up(place, parents, found):
            its = parents[each]
            above = found.get(its) if its is not None else None
            found[each] = _code(rows[each], guids[each], above.guid if above else None)
    return list(found.values())


def _way_up(place: int, parents: Sequence[int | None], known: Collection[int]) -> list[int]:
    """The row and those above it that are not known yet, from the uppermost down; a circle ends where it began."""
    way: list[int] = []
    above: int | None = place
    while above is not None and above not in known and above not in way:
        way.append(above)
        above = parents[above]
    return way[::-1]


def _parent(row: _Row, by_path: Mapping[str, int], by_name: Mapping[str, int]) -> int | None:
    named = row.get("parent", "")
    return by_path.get(_key(named), by_path.get(_key(BETWEEN + named), by_name.get(_key(named))))


def _key(words: str) -> str:
    return " ".join(words.split()).casefold()


def _code(row: _Row, guid: UUID, parent: UUID | None) -> Code:
    colour = row.get("colour", "").strip()
    return Code(
        guid, " ".join(row["name"].split())[:200], row.get("definition", ""), COLOURS.get(colour.casefold(), colour),
        parent,
    )  # fmt: skip


def _guid(row: _Row) -> UUID:
    try:
        return UUID(row.get("id", "").strip())
    except ValueError:
        return clock.new_id()
