"""The last mails that somebody was sent: of which kind, about what, and when. What they said is not kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.notifications.models import Delivery


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail that the mail server took."""

    kind: str
    subject: UUID
    sent: datetime


async def last_sent(session: AsyncSession, person: UUID, most: int) -> Sequence[SentMail]:
    """The newest first. Codes to sign in with are not among them: they go to an address, not to an account."""
    query = (
        select(Delivery.kind, Delivery.subject, Delivery.sent)
        .where(Delivery.person_id == person, Delivery.sent.is_not(None))
        .order_by(Delivery.sent.desc())
        .limit(most)
    )
    return [SentMail(row.kind, row.subject, row.sent) for row in await session.execute(query) if row.sent]
