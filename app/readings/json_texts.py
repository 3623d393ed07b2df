"""Contributions as JSON texts, made from what was stored at writing: joined, never parsed and written again.

Each text comes in pieces, so that a thousand of them are copied once. Joining them as strings, one by one and then
together, took ten times as long. Where nothing but the texts is wanted, as in an export, Postgres makes them: many at a
time, which nobody looks into on the way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Select, Text, bindparam, func, literal_column, select, union_all

from app.contributions.models import Publication

COLUMNS: tuple[Any, ...] = (
    Publication.number, Publication.seq, Publication.replies, Publication.endorsements, Publication.endorsers,
    Publication.document,
)  # fmt: skip


_BREAK = b"\n"


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
    """JSON texts as the lines of a file, in pieces of one or more, each text after its line break."""

    pieces: Sequence[bytes]

    @classmethod
    def of(cls, texts: Iterable[bytes]) -> "Lines":
        """A piece for each text."""
        return cls([_BREAK + text for text in texts])

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            yield from piece.split(_BREAK)[1:]  # within a JSON text it is written as an escape

    def __len__(self) -> int:
        return sum(piece.count(_BREAK) for piece in self.pieces)

    def whole(self) -> bytes:
        """All in one, each text before its line break, as files have it."""
        if not self.pieces:
            return b""
        first, *rest = self.pieces
        return b"".join((memoryview(first)[len(_BREAK) :], *rest, _BREAK))


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


def piece_of(publications: Select[*tuple[Any, ...]]) -> Select[tuple[bytes]]:
    """The same texts of a selection of COLUMNS, in its order, in one row: a piece of `Lines`, empty of none.

    What goes before a document is what separates it from the one before: so Postgres copies each document once. It
    separates the first from an empty one.
    """
    of = publications.subquery().c
    head = func.concat(
        _BREAK.decode(), bindparam("beginning", type_=Text()), of.number, _as_is('","seq":'), of.seq,
        _as_is(',"replies":'), of.replies, _as_is(',"endorsements":'), of.endorsements,
        _as_is(',"endorsing_organisations":'),
    )  # fmt: skip
    before = func.convert_to(head, _as_is("UTF8"), type_=LargeBinary()).concat(of.endorsers).concat(_as_is(","))
    empty = literal_column("''::bytea", LargeBinary())
    lines = union_all(
        select(empty.label("before"), empty.label("text")), select(before.label("before"), of.document.label("text"))
    ).subquery()
    return select(func.string_agg(lines.c.text, lines.c.before, type_=LargeBinary()).label("piece"))


def _as_is(text: str) -> ColumnElement[Any]:
    return literal_column(f"'{text}'")
