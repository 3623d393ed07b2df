"""Read, and not used: one text or many, with a reason from a closed list. Public with the outcome, never before."""

from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.contributions.quoting import published_among
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.synthesis.models import Citation, Recommendation, RecommendationVersion, SetAside

REASONS = ("scope", "said", "general", "contradicted", "addressee", "background")
MOST = 200  # at once


class Marked(NamedTuple):
    """How many texts were marked anew; how many stay as they are because they are cited, or were marked so before."""

    anew: int
    cited: int
    same: int


async def mark(
    session: AsyncSession, actor: Actor, consultation: UUID, contributions: Collection[UUID], reason: str | None
) -> Marked:
    """Say of these public texts why they are not used; with no reason, that they are to be looked at again. What is
    cited, in a draft too, is used: of that nothing is said.

    Appends, once an outcome is public, `coverage.marked` for each of them; before,
    `outcome.drafted` to the staff log. Raises Unauthenticated, Forbidden, Invalid.
    """
    require(actor, "coverage.mark", Thing(consultation))
    if reason is not None and reason not in REASONS:
        raise errors.Invalid({"reason": _("Please choose why they are not used.")})
    if not 0 < len(contributions) <= MOST:
        raise errors.Invalid({"items": _("Please choose between one and %(most)s contributions.", most=MOST)})
    numbers = await published_among(session, consultation, contributions)
    if len(numbers) < len(set(contributions)):
        raise errors.Invalid({"items": _("Not all of these are public in this consultation. Please choose again.")})
    query = select(SetAside).where(SetAside.contribution_id.in_(numbers)).order_by(SetAside.contribution_id)
    before = {row.contribution_id: row.reason for row in await session.scalars(query.with_for_update())}
    cited = await _cited_among(session, numbers) if reason is not None else frozenset()
    free = {id: number for id, number in numbers.items() if id not in cited}
    anew = {id: number for id, number in free.items() if before.get(id) != reason}
    if anew:
        await _store(session, actor, consultation, anew, reason)
        await _tell(session, actor, consultation, anew, reason)
    return Marked(len(anew), len(cited), len(free) - len(anew))


async def _cited_among(session: AsyncSession, contributions: Collection[UUID]) -> frozenset[UUID]:
    """Those of these that a draft or the public version of a recommendation cites."""
    query = (
        select(Citation.contribution_id)
        .join(RecommendationVersion, RecommendationVersion.id == Citation.version_id)
        .join(Recommendation, Recommendation.id == RecommendationVersion.recommendation_id)
        .where(
            Citation.contribution_id.in_(contributions),
            RecommendationVersion.seq.is_(None) | (RecommendationVersion.version == Recommendation.version),
        )
    )
    return frozenset(await session.scalars(query))


async def _store(
    session: AsyncSession, actor: Actor, consultation: UUID, marked: Collection[UUID], reason: str | None
) -> None:
    await session.execute(delete(SetAside).where(SetAside.contribution_id.in_(marked)))
    if reason is None:
        return
    rows = [
        {"contribution_id": id, "consultation_id": consultation, "reason": reason, "marked_by": actor.person,
         "marked": clock.now()}
        for id in sorted(marked)
    ]  # fmt: skip
    written = insert(SetAside)
    renewed = {name: written.excluded[name] for name in ("reason", "marked_by", "marked")}
    await session.execute(written.on_conflict_do_update(index_elements=["contribution_id"], set_=renewed), rows)


async def _tell(
    session: AsyncSession, actor: Actor, consultation: UUID, marked: Mapping[UUID, int], reason: str | None
) -> None:
    is_public = select(Recommendation.id).where(
        Recommendation.consultation_id == consultation, Recommendation.stage == "final"
    )
    if await session.scalar(is_public.limit(1)):
        entries = [
            record.Draft("coverage.marked", id, {"contribution": id, "number": number, "mark": reason})
            for id, number in marked.items()
        ]
        turn = await record.take_turn(session, "public", consultation, entries=len(entries))
    else:
        entries = [
            record.Draft(
                "outcome.drafted", id, {"act": "mark", "contribution": id, "mark": reason, "person": actor.person}
            )
            for id in marked
        ]
        turn = await record.take_turn(session, "staff", consultation, entries=len(entries))
    await record.write(session, turn, entries)
