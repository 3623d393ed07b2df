"""Contributions as JSON texts, made from what was stored at writing: joined, never parsed and written again.

Each text comes in pieces, so that a thousand of them are copied once. Joining them as strings, one by one and then
together, took ten times as long. Where nothing but the texts is wanted, as in an export, Postgres makes them: many at a
time, which nobody looks into on the way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Text, bindparam, func, literal_column

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


@dataclass(frozen=True, slots=True)
class Lines:
    """JSON texts as the lines of a file, in pieces of one or more; the line break of a piece's last one is left out."""

    pieces: Sequence[bytes]

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            yield from piece.split(b"\n")  # within a JSON text it is written as an escape

    def __len__(self) -> int:
        return sum(1 + piece.count(b"\n") for piece in self.pieces)

    def whole(self) -> bytes:
        """All in one."""
        return b"\n".join((*self.pieces, b""))


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


def beginning(prefix: str) -> str:
    """What a text begins with, up to the number: the parameter of `piece_of`."""
    return f'{{"url":"{prefix}'


def piece_of(publications: Any) -> ColumnElement[bytes]:
    """An aggregate over a subquery of COLUMNS, in its order: the same texts as a piece of `Lines`."""
    of = publications.c
    head = func.concat(
        bindparam("beginning", type_=Text()), of.number, _as_is('","seq":'), of.seq, _as_is(',"replies":'), of.replies,
        _as_is(',"endorsements":'), of.endorsements, _as_is(',"endorsing_organisations":'),
    )  # fmt: skip
    written = func.convert_to(head, _as_is("UTF8"), type_=LargeBinary())
    text = written.concat(of.endorsers).concat(_as_is(",")).concat(of.document)
    return func.string_agg(text, _as_is(r"\x0a"), type_=LargeBinary())


def _as_is(text: str) -> ColumnElement[Any]:
    return literal_column(f"'{text}'")
