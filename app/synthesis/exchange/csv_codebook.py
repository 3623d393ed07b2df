"""A code book as a table: a row for each code, with its name and, if one likes, definition, colour and parent."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from app import clock
from app.language import gettext as _
from app.synthesis.code_words import COLOURS
from app.synthesis.exchange.csv_table import Row, Table
from app.synthesis.qdpx.archive import refused
from app.synthesis.qdpx.model import Code, Project

COLUMNS = ("name", "definition", "colour", "parent")
BETWEEN = " > "  # codes on the way down to one


def read_codes(table: Table) -> Project:
    """The codes in a table. Raises Invalid where it has no names."""
    if "name" not in table.columns:
        raise refused(
            _("The first line names no column “name”. It may name these: %(columns)s.", columns=", ".join(COLUMNS))
        )
    aside: list[str] = []
    rows = [row for row in table.rows if _named(row, aside)]
    return Project(codes=_codes(rows, aside), aside=aside)


def _named(row: Row, aside: list[str]) -> bool:
    if row.get("name", "").strip():
        return True
    beginning = row.get("definition", "")[:60]
    aside.append(_("A row without a name is left out: “%(beginning)s”.", beginning=beginning))
    return False


def _codes(rows: Sequence[Row], aside: list[str]) -> list[Code]:
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


def _parent(row: Row, by_path: Mapping[str, int], by_name: Mapping[str, int]) -> int | None:
    named = row.get("parent", "")
    return by_path.get(_key(named), by_path.get(_key(BETWEEN + named), by_name.get(_key(named))))


def _key(words: str) -> str:
    return " ".join(words.split()).casefold()


def _code(row: Row, guid: UUID, parent: UUID | None) -> Code:
    colour = row.get("colour", "").strip()
    return Code(
        guid, " ".join(row["name"].split())[:200], row.get("definition", ""), COLOURS.get(colour.casefold(), colour),
        parent,
    )  # fmt: skip


def _guid(row: Row) -> UUID:
    try:
        return UUID(row.get("id", "").strip())
    except ValueError:
        return clock.new_id()
