"""A mirror that `pull` made in an SQLite file, read as the export that it should equal, so that it can be verified."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.cli.pull import consultation_at
from app.errors import OperatorError

_SQLITE = b"SQLite format 3\0"
_ALL = "SELECT document FROM contributions WHERE consultation = ? ORDER BY number"


@dataclass(frozen=True, slots=True)
class Mirrored:
    """Of which consultation (its address in the API), and how many entries of its record have been read."""

    url: str
    size: int


def is_mirror(file: Path) -> bool:
    """Whether a file is one of SQLite's."""
    with file.open("rb") as start:
        return start.read(len(_SQLITE)) == _SQLITE


def write_export(file: Path, url: str | None, to: Path) -> Mirrored:
    """Write what a mirror holds of a consultation, or of its only one, as JSON lines. Raises OperatorError."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as mirror:
            mirror.execute("BEGIN")  # what a pull does meanwhile is not mixed in
            found = _chosen([Mirrored(*row) for row in mirror.execute("SELECT consultation, seq FROM mirrors")], url)
            with to.open("w", encoding="utf-8") as lines:
                lines.writelines(f"{row[0]}\n" for row in mirror.execute(_ALL, (found.url,)))
    except sqlite3.Error as error:
        raise OperatorError(f"{file} is not a mirror that pull made: {error}.", status=2) from None
    return found


def _chosen(held: list[Mirrored], url: str | None) -> Mirrored:
    wanted = [each for each in held if url is None or each.url == consultation_at(url)]
    if len(wanted) != 1:
        there = ", ".join(each.url for each in held) or "nothing yet"
        raise OperatorError(f"This file mirrors {there}: say which of them with --url.", status=2)
    return wanted[0]
