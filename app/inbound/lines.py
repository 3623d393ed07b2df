"""The lines of a mail, as one looks at them: quoted or not, blank or not, and what they say without their dress."""

import re
from collections.abc import Iterable, Sequence

_DRESS = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff*]+")
_QUOTES = re.compile(r"^\s*(?:>\s?)+")
_LEAST = 20  # characters of a marker line that a program has broken


def bare(line: str) -> str:
    """What a line says: without stars of bold print, marks of direction and double spaces."""
    return " ".join(_DRESS.sub("", line).split())


def is_quoted(line: str) -> bool:
    """Whether it begins as programs mark what they quote."""
    return line.lstrip("\u200e\u200f \t").startswith(">")


def is_blank(line: str) -> bool:
    """Whether nothing can be read in it; a quoted line says nothing of its own either, but is not blank."""
    return not bare(line)


def unquoted(line: str) -> str:
    """The line without its quotation marks."""
    return _QUOTES.sub("", line)


def marker_at(lines: Sequence[str], markers: Iterable[str]) -> int | None:
    """Where the line stands above which one writes, in any language, broken by the sender's program or not."""
    wanted = [bare(each).casefold() for each in markers if each]
    for at, line in enumerate(lines):
        said = bare(unquoted(line)).casefold()
        if any(said.startswith(each) or (len(said) >= _LEAST and each.startswith(said)) for each in wanted):
            return at
    return None
