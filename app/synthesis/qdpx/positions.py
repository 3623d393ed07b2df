"""Where a passage stands, when a text has been through another program.

Positions count characters (Unicode code points) of the plain text, the first being 0. The standard's words leave open
whether `endPosition` is still in the passage; in its own examples, and so in what programs do, it is not. Programs for
Windows write a mark at the beginning of a text and two characters at the end of each line; ours have neither.
"""

import hashlib

MARK = "\ufeff"
_LINE_ENDS = {0x2028: "\n", 0x2029: "\n", 0x85: "\n", 0x0D: "\n"}


def plain(text: str) -> str:
    """The text as ours are: no mark at its beginning, every line ending in one character."""
    return text.removeprefix(MARK).replace("\r\n", "\n").translate(_LINE_ENDS)


def fingerprint(text: str) -> bytes:
    """By which a text is known again. Blanks at the end do not count: many programs add or take a last line end."""
    return hashlib.sha256(plain(text).rstrip().encode("utf-8", "replace")).digest()


def in_plain(text: str, position: int) -> int:
    """The position in `plain(text)` of a position in the text, its mark not counted."""
    return position - text.removeprefix(MARK).count("\r\n", 0, position)
