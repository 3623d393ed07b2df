"""How far two coders agree, code by code. Needs a write session."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.contributions.models import Contribution
from app.language import gettext as _
from app.permissions import Actor
from app.readings import code_files
from app.readings.code_files import CoderView
from app.synthesis.coding_agreement import Agreement, Kappa, agreements
from app.synthesis.coding_models import Code, Coder, Coding, TextRead
from app.synthesis.exchange.csv_codebook import BETWEEN

_LIBRARIES = {"numpy", "scipy", "sklearn"}
Used = Mapping[UUID, Mapping[UUID, set[UUID]]]  # by coder and code: the texts


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
    read = await _read(session, consultation, await _used(session, consultation))
    public = set(await _numbers(session, consultation))
    found = [
        Pair(one, other, len(read[one.id] & read[other.id] & public))
        for place, one in enumerate(coders)
        for other in coders[place + 1 :]
    ]
    return sorted(found, key=lambda pair: -pair.texts)


async def compared(session: AsyncSession, actor: Actor, consultation: UUID, first: UUID, second: UUID) -> Comparison:
    """Two coders, over the public texts that both have read; what they agree on least comes first.

    Raises Unauthenticated, Forbidden; NotFound where one of them does not code here, or both are the same.
    """
    coders = {coder.id: coder for coder in await code_files.coders(session, actor, consultation)}
    if first not in coders or second not in coders or first == second:
        raise errors.NotFound(_("There is no such pair of coders here."))
    numbers = await _numbers(session, consultation)
    used = await _used(session, consultation)
    read = await _read(session, consultation, used)
    texts = [id for id in numbers if id in read[first] and id in read[second]]
    kappa = await asyncio.to_thread(_kappa)
    query = select(Code).where(Code.consultation_id == consultation).order_by(Code.id)
    codes = {code.id: code for code in await session.scalars(query)}
    found = agreements(list(codes), texts, used[first], used[second], kappa)
    return Comparison(
        coders[first], coders[second], len(texts), kappa is not None,
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


async def _numbers(session: AsyncSession, consultation: UUID) -> dict[UUID, int]:
    """The public texts by their numbers, without facilitators' notes, which nobody codes."""
    query = select(Contribution.id, Contribution.number).where(
        Contribution.consultation_id == consultation, Contribution.status == "published", Contribution.kind != "note"
    )
    return {row.id: row.number for row in await session.execute(query.order_by(Contribution.number))}


async def _used(session: AsyncSession, consultation: UUID) -> Used:
    columns = (Coding.coder_id, Coding.code_id, Coding.contribution_id)
    query = select(*columns).where(Coding.consultation_id == consultation).distinct()
    found: dict[UUID, dict[UUID, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    for coder, code, text in (await session.execute(query)).all():
        found[coder][code].add(text)
    return found


async def _read(session: AsyncSession, consultation: UUID, used: Used) -> Mapping[UUID, set[UUID]]:
    """The texts that each coder has read: marked so, or coded. Of who came in a file only the latter is known."""
    marked = (
        select(Coder.id, TextRead.contribution_id)
        .join(TextRead, TextRead.person_id == Coder.person_id)
        .where(Coder.consultation_id == consultation, TextRead.consultation_id == consultation)
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for coder, text in (await session.execute(marked)).all():
        found[coder].add(text)
    for coder, by_code in used.items():
        found[coder] |= set().union(*by_code.values())
    return found


def _path(codes: Mapping[UUID, Code], id: UUID) -> str:
    names: list[str] = []
    above: UUID | None = id
    while above is not None and len(names) < len(codes):
        names.append(codes[above].name)
        above = codes[above].parent_id
    return BETWEEN.join(reversed(names))
