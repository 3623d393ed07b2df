"""Rows of a file of contributions, JSON lines or CSV: read through once, then again one by one, by where they begin."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from app.errors import OperatorError

_FIELD_LIMIT = 10_000_000  # characters: longer than any text that is taken, so that it is refused by name
_BOM = b"\xef\xbb\xbf"

csv.field_size_limit(_FIELD_LIMIT)


@dataclass(frozen=True, slots=True)
class Scanned:
    """A row: its line, where it begins, and its columns, or what is wrong with it as a whole."""

    line: int
    offset: int
    columns: dict[str, Any]
    fault: str | None = None


def opened_rows(file: BinaryIO, path: Path) -> "JsonLines | Csv":
    """A reader for this file, by its name or else by how it begins. Raises OperatorError for what is neither."""
    begin = file.read(65_536).removeprefix(_BOM).lstrip()
    suffix = path.suffix.lower()
    if not begin:
        raise OperatorError(f"{path} is empty.", status=2)
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise OperatorError(f"{path} is in UTF-16: save it as UTF-8.", status=2)
    if begin.startswith(b"["):
        raise OperatorError(f"{path} is one JSON list: write one object on each line instead (JSON lines).", status=2)
    if suffix in (".jsonl", ".ndjson") or (suffix not in (".csv", ".tsv") and begin.startswith(b"{")):
        return JsonLines(file)
    return Csv(file, path)


class JsonLines:
    """One JSON object on each line; blank lines are passed over."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __iter__(self) -> Iterator[Scanned]:
        offset = _start(self._file)
        for number, line in enumerate(self._file, 1):
            if line.strip():
                try:
                    yield Scanned(number, offset, _object(line))
                except ValueError as fault:
                    yield Scanned(number, offset, {}, str(fault))
            offset += len(line)

    def at(self, offset: int) -> dict[str, Any]:
        """The columns of the row that begins here, which was read before."""
        self._file.seek(offset)
        return _object(self._file.readline())


class Csv:
    """CSV as spreadsheets write it: commas, semicolons or tabs, the first row names the columns."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        _start(file)
        first = file.readline().decode("utf-8", "surrogateescape")
        self._delimiter = max(",;\t", key=first.count)
        _start(file)
        header = next(self._records(1), (0, 0, [], None))[2]
        self._names = [name.strip().lower() for name in header]
        if not {"id", "body"} <= set(self._names):
            raise OperatorError(f"{path} has no columns id and body in its first row.", status=2)
        self._begin = file.tell(), first_line_after(header)

    def __iter__(self) -> Iterator[Scanned]:
        offset, line = self._begin
        self._file.seek(offset)
        for number, begin, cells, fault in self._records(line):
            if fault or any(cell.strip() for cell in cells):
                yield Scanned(number, begin, {} if fault else self._columns(cells), fault or self._surplus(cells))

    def at(self, offset: int) -> dict[str, Any]:
        """The columns of the row that begins here, which was read before."""
        self._file.seek(offset)
        return self._columns(next(self._records(1))[2])

    def _records(self, line: int) -> Iterator[tuple[int, int, list[str], str | None]]:
        """From where the file stands: line, offset, cells, fault. The reader takes only the lines a record needs."""
        lines = (raw.decode("utf-8", "surrogateescape") for raw in iter(self._file.readline, b""))
        reader = csv.reader(lines, delimiter=self._delimiter)
        while True:
            number, offset = line + reader.line_num, self._file.tell()
            try:
                yield number, offset, next(reader), None
            except StopIteration:
                return
            except csv.Error as error:
                yield number, offset, [], f"is no CSV: {error}"

    def _columns(self, cells: list[str]) -> dict[str, Any]:
        return {name: cell for name, cell in zip(self._names, cells, strict=False) if cell != ""}

    def _surplus(self, cells: list[str]) -> str | None:
        if len(cells) <= len(self._names):
            return None
        return f"has {len(cells)} cells, and there are {len(self._names)} columns: is a text not in quotes?"


def first_line_after(header: list[str]) -> int:
    """The line that follows a header, whose names may hold line breaks."""
    return 2 + sum(name.count("\n") for name in header)


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise ValueError("is no JSON object")
    return found


def _start(file: BinaryIO) -> int:
    """Go to the beginning, past a byte order mark. Returns where that is."""
    file.seek(0)
    if file.read(len(_BOM)) == _BOM:
        return len(_BOM)
    file.seek(0)
    return 0
