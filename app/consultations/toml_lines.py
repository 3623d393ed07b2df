"""On which line of a TOML text each value stands. The standard parser keeps no positions, so we ask it again,
statement by statement, instead of keeping a second grammar. Only needed once something is wrong: it may take a second.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]

_AT_LINE = re.compile(r"\s*\((at line (?P<line>\d+), column (?P<column>\d+)|at end of document)\)$")


def lines_of(text: str) -> dict[Path, int]:
    """The first line of every table, key and list entry of a TOML text that parses; the root is line 1."""
    lines = text.split("\n")
    found: dict[Path, int] = {(): 1}
    for start, end, closer in _statements(lines):
        for path in _paths(tomllib.loads("\n".join(lines[:end]) + closer)):
            found.setdefault(path, start)
    return found


def fault(text: str, error: tomllib.TOMLDecodeError) -> tuple[int, str]:
    """Line and reason of a syntax error. A statement that never ends is named by where it begins."""
    reason = str(error)
    match = _AT_LINE.search(reason)
    if match is None or match["line"] is None:
        lines = text.rstrip("\n").split("\n")
        complete = max((end for _, end, closer in _statements(lines) if not closer), default=0)
        line = min(complete + 1, len(lines))
    else:
        line = int(match["line"])
    return line, _AT_LINE.sub("", reason)


def _statements(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """First and last line of each statement and of each entry of a list over several lines, and what closes it."""
    begin, start = 0, 1
    for end in range(1, len(lines) + 1):
        statement = "\n".join(lines[begin:end])
        closer = next((closer for closer in ("", "\n]") if _parses(statement + closer)), None)
        if closer is None:
            continue
        yield start, end, closer
        start = end + 1
        if not closer:
            begin = end


def _parses(statement: str) -> bool:
    try:
        tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*path, index))
