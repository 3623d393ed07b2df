"""How every act on a recommendation begins, and what it leaves in the staff log where nothing public changes."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors, record
from app.language import gettext as _
from app.permissions import Actor, Thing, may, require
from app.synthesis.models import Recommendation, RecommendationVersion


async def locked(session: AsyncSession, actor: Actor, act: str, id: UUID) -> Recommendation:
    """The recommendation, locked until the transaction ends, if the actor may do this act on it.

    Raises Unauthenticated, Forbidden; NotFound, of a draft for all but those who write there.
    """
    found = await session.get(Recommendation, id, with_for_update={"key_share": True}, populate_existing=True)
    nothing = errors.NotFound(_("There is no such recommendation."))
    if found is None:
        raise nothing
    thing = Thing(found.consultation_id, topic=found.topic_id)
    if found.number is None and not may(actor, act, thing):
        raise nothing
    require(actor, act, thing)
    return found


async def draft_of(session: AsyncSession, recommendation: UUID) -> RecommendationVersion | None:
    """The draft of a recommendation, None where what is public is all there is."""
    query = select(RecommendationVersion).where(
        RecommendationVersion.recommendation_id == recommendation, RecommendationVersion.seq.is_(None)
    )
    found: RecommendationVersion | None = await session.scalar(query.execution_options(populate_existing=True))
    return found


async def to_write(session: AsyncSession, actor: Actor, id: UUID) -> tuple[Recommendation, RecommendationVersion]:
    """The recommendation, locked, and its draft. Raises NotFound, Forbidden, and Conflict where there is no draft."""
    recommendation = await locked(session, actor, "recommendation.write", id)
    draft = await draft_of(session, recommendation.id)
    if draft is None:
        raise errors.Conflict(_("What is public never changes: begin a new version first."))
    return recommendation, draft


async def note(session: AsyncSession, actor: Actor, recommendation: Recommendation, act: str, **payload: Any) -> None:
    """Tell the staff log of work on a draft."""
    await record.append(
        session, recommendation.consultation_id, "outcome.drafted", recommendation.id,
        recommendation=recommendation.id, act=act, person=actor.person, **payload,
    )  # fmt: skip
