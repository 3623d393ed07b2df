"""On which line of a TOML text each value stands. The standard parser keeps no positions, so we ask it again,
statement by statement, instead of keeping a second grammar. Only needed once something is wrong.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import Any

Path = tuple[str | int, ...]

_MOST_TRIED = 2_000_000  # characters parsed to find where statements end; the largest shipped file needs a sixth
_AT_LINE = re.compile(r"\s*\((at line (?P<line>\d+), column (?P<column>\d+)|at end of document)\)$")


def lines_of(text: str, wanted: Iterable[Path]) -> dict[Path, int]:
    """The line on which each of these tables, keys and list entries begins, of a TOML text that parses.

    The root is line 1; what is not there has no line. A value is there from the statement on that brings it.
    """
    lines = text.split("\n")
    whole, statements = tomllib.loads(text), list(_statements(lines))
    complete = statements[-1][1] if statements else 0
    if complete < len(lines):
        statements.append((complete + 1, len(lines), ""))

    @cache
    def so_far(at: int) -> dict[str, Any]:
        _start, end, closer = statements[at]
        return tomllib.loads("\n".join(lines[:end]) + closer)

    found: dict[Path, int] = {(): 1}
    for path in wanted:
        if path and _is_there(whole, path):
            is_there = partial(_is_there, path=path)
            at = bisect_left(range(len(statements)), True, key=lambda at: is_there(so_far(at)))
            found[path] = statements[at][0]
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
    """First and last line of each statement and of each entry of a list over several lines, and what closes it.

    Each line asks anew whether its statement is complete, so one over thousands of lines would take hours: the rest is
    left out once that is too much.
    """
    begin, start, tried = 0, 1, 0
    for end in range(1, len(lines) + 1):
        statement = "\n".join(lines[begin:end])
        tried += len(statement)
        if tried > _MOST_TRIED:
            return
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


def _is_there(tree: Any, path: Path) -> bool:
    try:
        for step in path:
            tree = tree[step]
    except (KeyError, IndexError, TypeError):
        return False
    return True
