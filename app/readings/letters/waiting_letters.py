"""What moderators' mails need to say of what waits for them: how much, and where; never the texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.consultations.models import Consultation
from app.contributions.models import Contribution
from app.permissions import Actor, Thing, may
from app.readings.letters.news_letters import consultation_views
from app.readings.moderation import queue


@dataclass(frozen=True, slots=True)
class DeskLine:
    """How much waits on one desk."""

    slug: str
    consultation: str
    total: int
    overdue: int
    appeals: int


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """One contribution of which something waits."""

    consultation: str
    topic: str
    slug: str
    reasons: Sequence[str]
    contribution: UUID

    @property
    def path(self) -> str:
        """Its place on the desk."""
        return f"/c/{self.slug}/moderate/{self.contribution}"


async def desks(session: AsyncSession, actor: Actor) -> list[DeskLine]:
    """How much waits on each desk of somebody, those on which anything does; by title."""
    theirs = {each for each in (*actor.roles, *actor.topics) if may(actor, "queue.read", Thing(each))}
    lines = []
    for id, its in (await consultation_views(session, theirs)).items() if theirs else ():
        counts = await queue.counts(session, actor, id)
        if counts.total:
            appeals = counts.by_reason["appeal"]
            lines.append(DeskLine(its.slug, its.title, counts.total, counts.overdue, appeals))
    return sorted(lines, key=lambda line: line.consultation)


async def waiting_item(session: AsyncSession, actor: Actor, contribution: UUID) -> WaitingItem | None:
    """What waits of a contribution; None where nothing does (any more), or it is not theirs to decide on."""
    query = select(Contribution.consultation_id, Contribution.topic_id, Consultation.slug)
    query = query.join(Consultation, Consultation.id == Contribution.consultation_id)
    row = (await session.execute(query.where(Contribution.id == contribution))).one_or_none()
    if row is None or not may(actor, "queue.read", Thing(row.consultation_id)):
        return None
    item = (await queue.these(session, actor, row.consultation_id, [contribution])).get(contribution)
    if item is None or item.since is None:
        return None
    its = (await consultation_views(session, [row.consultation_id]))[row.consultation_id]
    return WaitingItem(its.title, its.topic(item.topic).title, row.slug, item.reasons, contribution)
