"""What accounts keeps for a time only."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.accounts import idempotency, limits, mandate_links, offers
from app.accounts.models import Challenge, Idempotency, RateLimit, Session

_CHALLENGE_KEPT = timedelta(days=1)  # once over, so that its link can still say why it no longer works


async def purge_expired(session: AsyncSession) -> None:
    """Delete sessions, challenges and addresses of links that are over, answers kept long enough, counts of past
    windows."""
    now = clock.now()
    await session.execute(delete(Session).where(Session.expires <= now))
    await session.execute(delete(Challenge).where(Challenge.expires <= now - _CHALLENGE_KEPT))
    await session.execute(delete(Idempotency).where(Idempotency.created <= now - idempotency.KEPT))
    await session.execute(delete(RateLimit).where(RateLimit.window < int(now.timestamp()) - limits.LONGEST_WINDOW))
    await mandate_links.forget_addresses(session)
    await offers.forget_addresses(session)
