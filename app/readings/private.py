"""What only a text's author and the moderators may see: waiting, hidden, withdrawn, rejected texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.consultations.floor import floor_of
from app.contributions import document
from app.contributions.models import Author, Contribution, Publication, Revision
from app.moderation.models import Decision
from app.permissions import Actor, Thing, may


@dataclass(frozen=True, slots=True)
class Own:
    """A contribution for its author or a moderator: the JSON fields with `waiting`, and what was decided last."""

    fields: dict[str, Any]  # of its newest text that this viewer may read
    public: dict[str, Any] | None  # of its public text, where that is another
    latest: int  # number of its newest revision: what an edit is based on
    seq: int
    since: datetime
    mine: bool
    decision: Decision | None

    @property
    def etag(self) -> str:
        """`R-S`, without the quotes."""
        return f"{self.latest}-{self.seq}"


async def own(session: AsyncSession, actor: Actor, id: UUID, base: str) -> Own | None:
    """The contribution as its author or a moderator sees it, on a write session; None for everybody else."""
    row = (
        await session.execute(
            select(Contribution, Author.person_id)
            .outerjoin(Author, Author.id == Contribution.author_id)
            .where(Contribution.id == id)
        )
    ).one_or_none()
    if row is None:
        return None
    contribution: Contribution = row[0]
    if not may(actor, "contribution.read", Thing(contribution.consultation_id, row.person_id)):
        return None
    return await _own(session, contribution, base, mine=row.person_id == actor.person)


async def mine(session: AsyncSession, person: UUID, base: str, consultation: UUID | None = None,
               limit: int = 100) -> list[Own]:  # fmt: skip
    """What a person has written, newest first, in one consultation or in all."""
    query = select(Contribution).join(Author, Author.id == Contribution.author_id).where(Author.person_id == person)
    if consultation is not None:
        query = query.where(Contribution.consultation_id == consultation)
    rows = (await session.scalars(query.order_by(Contribution.id.desc()).limit(limit))).all()
    return [await _own(session, contribution, base, mine=True) for contribution in rows]


async def waiting_in(session: AsyncSession, person: UUID, base: str, *, thread: UUID | None = None,
                     topic: UUID | None = None) -> Sequence[Own]:  # fmt: skip
    """A person's own texts that wait for a moderator, in a thread or in a topic's list."""
    place = Contribution.thread_id == thread if thread else Contribution.topic_id == topic
    rows = await session.scalars(
        select(Contribution)
        .join(Author, Author.id == Contribution.author_id)
        .where(Author.person_id == person, Contribution.waits_since.is_not(None), place)
        .order_by(Contribution.id)
        .limit(20)
    )
    return [await _own(session, contribution, base, mine=True) for contribution in rows]


async def _own(session: AsyncSession, contribution: Contribution, base: str, *, mine: bool) -> Own:
    revisions = (
        await session.scalars(
            select(Revision).where(Revision.contribution_id == contribution.id).order_by(Revision.number.desc())
        )
    ).all()
    newest = revisions[0]
    public = next((revision for revision in revisions if revision.state == "public"), None)
    waiting = next((revision for revision in revisions if revision.state == "waiting"), None)
    floor = await floor_of(session, topic=contribution.topic_id)
    counts = (
        await session.execute(
            select(Publication.seq, Publication.replies, Publication.endorsements).where(
                Publication.contribution_id == contribution.id
            )
        )
    ).one_or_none()
    seq, replies, endorsements = counts or (0, 0, 0)
    more = {
        "url": f"{base}/c/{floor.slug}/{contribution.number}" if contribution.number else None,
        "seq": seq, "replies": replies, "endorsements": endorsements,
        "waiting": {"revision": str(waiting.id), "since": clock.iso(contribution.waits_since)} if waiting else None,
    }  # fmt: skip
    decision = (
        await session.scalars(
            select(Decision).where(Decision.contribution_id == contribution.id).order_by(Decision.id.desc()).limit(1)
        )
    ).one_or_none()
    return Own(
        fields=document.fields(contribution, waiting or public or newest, floor) | more,
        public=document.fields(contribution, public, floor) | more if public and waiting else None,
        latest=contribution.latest, seq=seq, since=contribution.since, mine=mine, decision=decision,
    )  # fmt: skip
