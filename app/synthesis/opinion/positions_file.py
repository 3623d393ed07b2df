"""Positions and groups in the CSV files that Polis exports, with any other columns beside them.

Positions: a column `participant`, and for each statement a column named with its number, which holds 1 (agree), -1
(disagree), 0 (pass) or nothing (unseen). Groups: `participant` and `group-id`, empty for who is in none.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.errors import Malformed
from app.synthesis.opinion.positions import AGREE, DISAGREE, PASS, UNSEEN, Positions

_NUMBER = re.compile(r"[0-9]{1,18}")
_PERSON = "participant"
_GROUP = ("group-id", "group_id", "group")
_OTHER = {_PERSON, *_GROUP, "xid", "n-comments", "n-votes", "n-agree", "n-disagree"}  # columns of Polis's own exports
_POSITION = {
    "": UNSEEN, "1": AGREE, "+1": AGREE, "1.0": AGREE, "0": PASS, "0.0": PASS, "-1": DISAGREE, "-1.0": DISAGREE,
}  # fmt: skip
_LONGEST = 60  # characters of what is wrong that are worth repeating


@dataclass(frozen=True, slots=True)
class _Table:
    """A file of which the header is read: names of the columns, and the rows beneath with their lines."""

    path: Path
    columns: Sequence[str]
    rows: Iterator[tuple[int, list[str]]]

    def refuse(self, fault: str) -> Malformed:
        return Malformed(f"{self.path}: {fault}")

    def column(self, *names: str) -> int | None:
        return next((self.columns.index(name) for name in names if name in self.columns), None)


def read_positions(path: Path) -> tuple[Positions, list[str]]:
    """The positions in a file, and the names of columns that were left aside.

    Raises Malformed, with the line, for what cannot be read: no participants or statements, somebody twice, a value
    that is no position.
    """
    table = _opened(path)
    person = _person_column(table)
    columns = [column for column, name in enumerate(table.columns) if _NUMBER.fullmatch(name)]
    statements = [int(table.columns[column]) for column in columns]
    if not statements:
        raise table.refuse("no column is named with the number of a statement.")
    if len(set(statements)) < len(statements):
        twice = next(each for each in statements if statements.count(each) > 1)
        raise table.refuse(f"there are two columns for statement {twice}.")
    people: dict[str, int] = {}
    rows: list[NDArray[np.int8]] = []
    pick = itemgetter(person, *columns)
    for line, cells in table.rows:
        name, *given = pick(cells)
        _enter(table, people, name.strip(), line)
        rows.append(_positions(table, given, statements, line))
    found = np.vstack(rows) if rows else np.empty((0, len(statements)), dtype=np.int8)
    aside = [name for name in table.columns if name not in _OTHER and not _NUMBER.fullmatch(name)]
    return Positions(list(people), statements, found), aside


def read_groups(path: Path, positions: Positions) -> dict[str, str]:
    """Who is in which group, of the people who took these positions.

    Raises Malformed, with the line, for what cannot be read: no such columns, somebody twice, somebody who took none
    of the positions, nobody in a group.
    """
    table = _opened(path)
    person, group = _person_column(table), table.column(*_GROUP)
    if group is None:
        raise table.refuse("there is no column group-id in the first row.")
    known, listed, groups = set(positions.people), dict[str, int](), dict[str, str]()
    for line, cells in table.rows:
        name = cells[person].strip()
        _enter(table, listed, name, line)
        if name not in known:
            raise table.refuse(f"participant {_said(name)} in line {line} is not among the positions.")
        if label := cells[group].strip():
            groups[name] = label
    if not groups:
        raise table.refuse("nobody is in a group.")
    return groups


def _opened(path: Path) -> _Table:
    """The table in a file. It is read whole: a file of positions is small beside what is made of it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed(f"{path} is not UTF-8 text.") from None
    except OSError as error:
        raise Malformed(f"{path} cannot be read: {error.strerror}.") from None
    first = text.partition("\n")[0]
    rows = _rows(path, text, delimiter=max(",;\t", key=first.count))
    columns = [name.strip().lower() for name in next(rows, (0, []))[1]]
    return _Table(path, columns, _even(path, rows, len(columns)))


def _rows(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with the line that it ends on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Malformed(f"{path}: line {reader.line_num} is no CSV: {error}.") from None
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def _even(path: Path, rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[tuple[int, list[str]]]:
    for number, cells in rows:
        if len(cells) != width:
            raise Malformed(f"{path}: line {number} has {len(cells)} cells, and there are {width} columns.")
        yield number, cells


def _person_column(table: _Table) -> int:
    found = table.column(_PERSON)
    if found is None:
        raise table.refuse("there is no column participant in the first row.")
    return found


def _enter(table: _Table, people: dict[str, int], name: str, line: int) -> None:
    if not name:
        raise table.refuse(f"line {line} names no participant.")
    if name in people:
        raise table.refuse(f"participant {_said(name)} is in line {people[name]} and again in line {line}.")
    people[name] = line


def _positions(table: _Table, cells: list[str], statements: list[int], line: int) -> NDArray[np.int8]:
    try:
        return np.fromiter(map(_POSITION.__getitem__, cells), np.int8, len(cells))
    except KeyError:  # perhaps only for spaces, which are rare: the way above is the fast one
        found = [_POSITION.get(cell.strip()) for cell in cells]
    if None in found:
        wrong = found.index(None)
        raise table.refuse(
            f"{_said(cells[wrong])} in line {line}, statement {statements[wrong]}, is no position: "
            "it is 1 (agree), -1 (disagree), 0 (pass) or nothing (unseen)."
        )
    return np.array(found, dtype=np.int8)


def _said(text: str) -> str:
    """What is wrong, on one line and not too long of it."""
    shown = text if text.isprintable() else ascii(text)[1:-1]
    return f"“{shown}”" if len(shown) <= _LONGEST else f"“{shown[:_LONGEST]}…”"
