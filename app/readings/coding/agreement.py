"""How far two coders agree, code by code. Needs a write session."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import itemgetter
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.contributions.models import Contribution
from app.language import gettext as _
from app.permissions import Actor
from app.readings.coding import code_files
from app.readings.coding.code_files import CoderView
from app.synthesis.coding_agreement import Agreement, Kappa, agreements
from app.synthesis.coding_models import Code, Coder, Coding, TextRead
from app.synthesis.exchange.csv_codebook import BETWEEN

_LIBRARIES = {"numpy", "scipy", "sklearn"}


@dataclass(frozen=True, slots=True)
class ComparedCode:
    """What two coders made of a code, with its names on the way down, and the numbers of the texts they differ on."""

    path: str
    colour: str
    agreement: Agreement
    only_first: Sequence[int]
    only_second: Sequence[int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two coders compared. `measured` is whether kappa could be computed here at all."""

    first: CoderView
    second: CoderView
    texts: int  # that both have read
    measured: bool
    codes: Sequence[ComparedCode]

    @property
    def differ(self) -> list[ComparedCode]:
        """Those that only one of them put on some text."""
        return [each for each in self.codes if each.only_first or each.only_second]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two coders, and how many texts both have read."""

    first: CoderView
    second: CoderView
    texts: int


async def pairs(session: AsyncSession, actor: Actor, consultation: UUID) -> list[Pair]:
    """Every two who code, those with the most texts in common first. Raises Unauthenticated, Forbidden."""
    coders = await code_files.coders(session, actor, consultation)
    one, other = _read(consultation).subquery("one"), _read(consultation).subquery("other")
    query = (
        select(one.c.coder, other.c.coder, func.count())
        .join(other, (other.c.text == one.c.text) & (other.c.coder > one.c.coder))
        .join(Contribution, Contribution.id == one.c.text)
        .where(*_PUBLIC)
        .group_by(one.c.coder, other.c.coder)
    )
    texts = {frozenset((first, second)): count for first, second, count in await session.execute(query)}
    found = [Pair(*each, texts.get(frozenset(coder.id for coder in each), 0)) for each in combinations(coders, 2)]
    return sorted(found, key=lambda pair: -pair.texts)


async def compared(session: AsyncSession, actor: Actor, consultation: UUID, first: UUID, second: UUID) -> Comparison:
    """Two coders, over the public texts that both have read; what they agree on least comes first.

    Raises Unauthenticated, Forbidden; NotFound where one of them does not code here, or both are the same.
    """
    coders = {coder.id: coder for coder in await code_files.coders(session, actor, consultation)}
    if first not in coders or second not in coders or first == second:
        raise errors.NotFound(_("There is no such pair of coders here."))
    numbers = await _read_by_both(session, consultation, first, second)
    used = {coder: await _used(session, consultation, coder) for coder in (first, second)}
    kappa = await asyncio.to_thread(_kappa)
    query = select(Code).where(Code.consultation_id == consultation).order_by(Code.id)
    codes = {code.id: code for code in await session.scalars(query)}
    # Aside: of hundreds of codes, each is held against all texts.
    found = await asyncio.to_thread(agreements, list(codes), list(numbers), used[first], used[second], kappa)
    return Comparison(
        coders[first], coders[second], len(numbers), kappa is not None,
        [
            ComparedCode(
                _path(codes, each.code), codes[each.code].colour, each, [numbers[id] for id in each.only_first],
                [numbers[id] for id in each.only_second],
            )
            for each in found
        ],
    )  # fmt: skip


def _kappa() -> Kappa | None:
    """How kappa is computed; None without the extra, which is large and which nothing else here needs."""
    try:
        from app.synthesis.coding_kappa import kappa
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _LIBRARIES:
            raise
        return None
    return kappa


# Without facilitators' notes, which nobody codes.
_PUBLIC = (Contribution.status == "published", Contribution.kind != "note")


async def _read_by_both(session: AsyncSession, consultation: UUID, first: UUID, second: UUID) -> dict[UUID, int]:
    """The public texts that both have read, by their numbers."""
    read = (select(_read(consultation, coder).subquery().c.text) for coder in (first, second))
    its = [Contribution.id.in_(texts) for texts in read]
    rows = await session.execute(select(Contribution.id, Contribution.number).where(*_PUBLIC, *its))
    return dict(sorted(((row.id, row.number) for row in rows), key=itemgetter(1)))


async def _used(session: AsyncSession, consultation: UUID, coder: UUID) -> Mapping[UUID, set[UUID]]:
    """The texts that somebody put each code on."""
    query = select(Coding.code_id, Coding.contribution_id).where(
        Coding.consultation_id == consultation, Coding.coder_id == coder
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for code, text in (await session.execute(query.distinct())).all():
        found[code].add(text)
    return found


def _read(consultation: UUID, coder: UUID | None = None) -> CompoundSelect[UUID, UUID]:
    """The texts that each coder, or one of them, has read: marked so, or coded. Of who came in a file only the latter
    is known."""
    marked: Select[UUID, UUID] = (
        select(Coder.id.label("coder"), TextRead.contribution_id.label("text"))
        .join(TextRead, TextRead.person_id == Coder.person_id)
        .where(Coder.consultation_id == consultation, TextRead.consultation_id == consultation)
    )
    coded: Select[UUID, UUID] = select(Coding.coder_id, Coding.contribution_id)
    coded = coded.where(Coding.consultation_id == consultation)
    if coder is not None:
        marked, coded = marked.where(Coder.id == coder), coded.where(Coding.coder_id == coder)
    return marked.union(coded)


def _path(codes: Mapping[UUID, Code], id: UUID) -> str:
    names: list[str] = []
    above: UUID | None = id
    while above is not None and len(names) < len(codes):
        names.append(codes[above].name)
        above = codes[above].parent_id
    return BETWEEN.join(reversed(names))
