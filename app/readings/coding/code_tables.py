"""Tables of codes: how many contributions each code is on, by what is known of them, and which codes stand together.

A contribution counts once for a code, however often it was put there. One query for each table. Needs a
write session.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.countries import REGION_OF
from app.contributions.models import Contribution, Publication
from app.permissions import Actor, Thing, require
from app.readings.coding import code_book
from app.readings.coding.code_book import CodeView
from app.synthesis.coding_models import Coder, Coding

TOGETHER = "also"
DIMENSIONS = ("question", "region", "language", "organisation_kind", "channel")
Key = str | UUID | None  # None: not known, or withheld


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code, on how many contributions it is, and on how many of each column."""

    code: CodeView
    total: int
    cells: Mapping[Key, int]


@dataclass(frozen=True, slots=True)
class CodeTable:
    """The codes that are in use, or on anything, in the order of the book. `whole` are all contributions, coded or
    not; of codes that stand together nothing."""

    rows: Sequence[CodeRow]
    contributions: int = 0
    whole: Mapping[Key, int] | None = None


async def by_dimension(
    session: AsyncSession, actor: Actor, consultation: UUID, dimension: str, *, everybody: bool
) -> CodeTable:  # fmt: skip
    """Codes by one of DIMENSIONS; the viewer's codings or everybody's. Raises Unauthenticated, Forbidden."""
    require(actor, "outcome.read", Thing(consultation))
    on = _codings(actor, consultation, everybody=everybody).distinct().subquery()
    key = _COLUMNS[dimension]
    texts = [Publication.consultation_id == consultation, Publication.kind != "note"]
    coded = (
        select(on.c.code_id, key.label("key"), func.count().label("texts"))
        .join(Publication, Publication.contribution_id == on.c.contribution_id)
        .where(*texts)
        .group_by(on.c.code_id, key)
    )
    whole = select(literal(None, Uuid()), key, func.count()).select_from(Publication).where(*texts).group_by(key)
    if dimension == "channel":
        coded, whole = (
            each.join(Contribution, Contribution.id == Publication.contribution_id) for each in (coded, whole)
        )
    totals: dict[UUID | None, int] = defaultdict(int)
    cells: dict[UUID | None, dict[Key, int]] = defaultdict(lambda: defaultdict(int))
    for row in await session.execute(union_all(coded, whole)):
        totals[row.code_id] += row.texts
        for each in _keys(dimension, row.key):
            cells[row.code_id][each] += row.texts
    rows = await _rows(session, actor, consultation, totals, cells)
    return CodeTable(rows, totals[None], cells[None])


async def together(session: AsyncSession, actor: Actor, consultation: UUID, *, everybody: bool) -> CodeTable:
    """Codes by codes: on how many contributions both are. Raises Unauthenticated, Forbidden."""
    require(actor, "outcome.read", Thing(consultation))
    on = _codings(actor, consultation, everybody=everybody).subquery()
    query: Select[*tuple[Any, ...]] = (
        select(on.c.code_id, func.array_agg(Publication.number).label("numbers"))
        .join(Publication, Publication.contribution_id == on.c.contribution_id)
        .where(Publication.kind != "note")
        .group_by(on.c.code_id)
    )
    texts = {row.code_id: row.numbers for row in await session.execute(query)}
    # Aside: of hundreds of codes there are many pairs.
    totals, cells = await asyncio.to_thread(_pairs, texts)
    return CodeTable(await _rows(session, actor, consultation, totals, cells))


def _pairs(texts: Mapping[UUID, Sequence[int]]) -> tuple[dict[UUID, int], dict[UUID, dict[Key, int]]]:
    """On how many texts each code is, and each two are: as bits of a number, of which two are compared in a moment.

    Joining all codings with one another in Postgres took twice as long.
    """
    longest = max((max(numbers) for numbers in texts.values()), default=0) // 8 + 1
    bits = {code: _bits(numbers, longest) for code, numbers in texts.items()}
    totals = {code: its.bit_count() for code, its in bits.items()}
    cells: dict[UUID, dict[Key, int]] = {code: {} for code in bits}
    for one, other in combinations(bits, 2):
        if both := (bits[one] & bits[other]).bit_count():
            cells[one][other] = cells[other][one] = both
    return totals, cells


def _bits(numbers: Sequence[int], longest: int) -> int:
    found = bytearray(longest)
    for number in numbers:
        found[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(found, "little")


_COLUMNS: Mapping[str, ColumnElement[Any] | Any] = {
    "question": Publication.questions,
    "region": Publication.country,
    "language": Publication.language,
    "organisation_kind": Publication.organisation_kind,
    "channel": Contribution.channel,
}


def _codings(actor: Actor, consultation: UUID, *, everybody: bool) -> Select[UUID, UUID]:
    """Which code is on which contribution, as often as it was put there."""
    query = select(Coding.code_id, Coding.contribution_id).where(Coding.consultation_id == consultation)
    if not everybody:
        query = query.join(Coder, Coder.id == Coding.coder_id).where(Coder.person_id == actor.person)
    return query


def _keys(dimension: str, value: Any) -> Iterable[Key]:
    """In which columns something is counted: for several questions in each of theirs."""
    if dimension == "question":
        return value or (None,)
    return (REGION_OF.get(value or "") if dimension == "region" else value,)


async def _rows(
    session: AsyncSession, actor: Actor, consultation: UUID, totals: Mapping[Any, int],
    cells: Mapping[Any, Mapping[Key, int]],
) -> list[CodeRow]:  # fmt: skip
    codes = await code_book.codes(session, actor, consultation, counted=False)
    return [
        CodeRow(code, totals.get(code.id, 0), cells.get(code.id, {}))
        for code in codes
        if not code.retired or totals.get(code.id)
    ]
