"""What somebody follows: for themselves only. Needs a write session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.notifications.following.models import Subscription
from app.readings.followed import Scope


@dataclass(frozen=True, slots=True)
class Following:
    """One thing that somebody follows."""

    id: UUID
    consultation: UUID
    scope: Scope
    thing: UUID
    pace: str
    what: str
    counts_from: int
    seen: int
    since: datetime


async def follows(session: AsyncSession, person: UUID, thing: UUID) -> bool:
    """Whether this person follows this."""
    mine = (Subscription.person_id == person, Subscription.thing_id == thing)
    return await session.scalar(select(Subscription.id).where(*mine)) is not None


async def followed_by(
    session: AsyncSession, person: UUID, after: UUID | None = None, limit: int = 1_000
) -> Sequence[Following]:
    """What a person follows, in the order in which they began to; those after the subscription `after`."""
    columns = (
        Subscription.id, Subscription.consultation_id, Subscription.scope, Subscription.thing_id, Subscription.pace,
        Subscription.what, Subscription.counts_from, Subscription.seen, Subscription.since,
    )  # fmt: skip
    query = select(*columns).where(Subscription.person_id == person).order_by(Subscription.id).limit(limit)
    rows = await session.execute(query.where(Subscription.id > after) if after else query)
    return [Following(row[0], row[1], cast(Scope, row[2]), *row[3:]) for row in rows]


async def held_about(session: AsyncSession, person: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """The same, as JSON-able values."""
    return [
        {"id": str(each.id), "consultation": str(each.consultation), "follows": each.scope, "about": str(each.thing),
         "pace": each.pace, "what": each.what, "seen": each.seen, "since": clock.iso(each.since)}
        for each in await followed_by(session, person, after, limit)
    ]  # fmt: skip
