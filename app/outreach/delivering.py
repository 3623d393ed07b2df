"""What the worker does with a round: whom to send to, and what became of each mail."""

from collections.abc import Collection, Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.outreach.models import Invitee

Bounce = Literal["unknown", "full", "refused", "unreachable"]


async def waiting_in(session: AsyncSession, rounds: Collection[UUID]) -> Sequence[UUID]:
    """Everybody in these rounds to whom nothing was sent yet, in the order of the lists."""
    query = select(Invitee.id).where(Invitee.round_id.in_(rounds), Invitee.state == "waiting")
    return (await session.scalars(query.order_by(Invitee.id))).all()


async def note_sent(session: AsyncSession, invitee: UUID) -> None:
    """The mail server has taken the mail."""
    await _became(session, invitee, state="sent")


async def note_bounced(session: AsyncSession, invitee: UUID, why: Bounce) -> None:
    """The mail cannot be delivered."""
    await _became(session, invitee, state="bounced", bounced=why)


async def addressed_among(session: AsyncSession, invitees: Collection[UUID]) -> set[UUID]:
    """Those of these invitees whose addresses are kept."""
    query = select(Invitee.id).where(Invitee.id.in_(invitees), Invitee.email.is_not(None))
    return set(await session.scalars(query))


async def _became(session: AsyncSession, invitee: UUID, **columns: str) -> None:
    """Only where nothing else became of it meanwhile: who has answered had the mail."""
    one = update(Invitee).where(Invitee.id == invitee, Invitee.state == "waiting")
    await session.execute(one.values(since=clock.now(), **columns))
