"""Contributions as JSON texts, made from what was stored at writing: joined, never parsed and written again.

Each text comes in pieces, so that a thousand of them are copied once. Joining them as strings, one by one and then
together, took ten times as long.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.contributions.models import Publication

COLUMNS: tuple[Any, ...] = (
    Publication.number, Publication.seq, Publication.replies, Publication.endorsements, Publication.endorsers,
    Publication.document,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Texts:
    """JSON texts, each as the pieces that together make it."""

    pieces: Sequence[Sequence[bytes]]

    def __iter__(self) -> Iterator[bytes]:
        return map(b"".join, self.pieces)

    def __len__(self) -> int:
        return len(self.pieces)

    def joined(self, begin: bytes, between: bytes, end: bytes) -> bytes:
        """All in one."""
        parts = [begin]
        for pieces in self.pieces:
            parts += pieces
            parts.append(between)
        if self.pieces:
            parts.pop()
        parts.append(end)
        return b"".join(parts)

    def lines(self) -> bytes:
        """Each on a line of its own."""
        return self.joined(b"", b"\n", b"\n") if self.pieces else b""


def texts(rows: Iterable[Any], prefix: str) -> Texts:
    """The texts of rows that begin with COLUMNS. `prefix` is the address up to the number: `https://…/c/slug/`."""
    head = _head(prefix)
    return Texts([(head % (row[0], row[1], row[2], row[3], row[4]), row[5]) for row in rows])


def revision_in(text: bytes) -> int:
    """The public revision's number, read from a text without parsing all of it."""
    begin = text.rindex(b'"revision":') + len(b'"revision":')
    return int(text[begin : text.index(b",", begin)])


# What others change goes before the stored document, which lacks its opening brace.
def _head(prefix: str) -> bytes:
    counted = '"seq":%d,"replies":%d,"endorsements":%d,"endorsing_organisations":%b,'
    return f'{{"url":"{prefix.replace("%", "%%")}%d",{counted}'.encode()
