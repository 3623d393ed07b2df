"""Where a passage stands, when a text has been through another program.

Positions count characters (Unicode code points) of the plain text, the first being 0. The standard's words leave open
whether `endPosition` is still in the passage; in its own examples, and so in what programs do, it is not. Programs for
Windows write a mark at the beginning of a text and two characters at the end of each line; ours have neither.
"""

import hashlib
import re
from bisect import bisect_left
from collections.abc import Sequence

MARK = "\ufeff"
_LINE_ENDS = {0x2028: "\n", 0x2029: "\n", 0x85: "\n", 0x0D: "\n"}


def plain(text: str) -> str:
    """The text as ours are: no mark at its beginning, every line ending in one character."""
    return text.removeprefix(MARK).replace("\r\n", "\n").translate(_LINE_ENDS)


def fingerprint(text: str) -> bytes:
    """By which a text is known again. Blanks at the end do not count: many programs add or take a last line end."""
    return hashlib.sha256(plain(text).rstrip().encode("utf-8", "replace")).digest()


def double_ends(text: str) -> Sequence[int]:
    """Where a line of the text ends in two characters, its mark not counted: behind the first of them."""
    return [found.start() + 1 for found in re.finditer("\r\n", text.removeprefix(MARK))]


def in_plain(ends: Sequence[int], position: int) -> int:
    """The position in the plain text of one in a text with these `double_ends`."""
    return position - bisect_left(ends, position)
