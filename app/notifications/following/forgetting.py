"""Subscriptions, and what was chosen and kept beside them, that go: with their consultation, or with the account."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app.notifications.following.models import Subscription
from app.notifications.models import Digest, DigestMark, FailingAddress, NotificationSettings


async def forget_people(session: AsyncSession, people: Collection[UUID]) -> None:
    """Forget what these people followed and chose, and up to where they were told."""
    for table in (Subscription, NotificationSettings, FailingAddress, Digest, DigestMark):
        await session.execute(delete(table).where(table.person_id.in_(people)))


async def remove_subscriptions(session: AsyncSession, consultation: UUID, people: Collection[UUID] = ()) -> None:
    """Delete all subscriptions in a consultation that goes, and all of the people who go with it."""
    for table in (Subscription, DigestMark):
        await session.execute(delete(table).where(table.consultation_id == consultation))
    await forget_people(session, people)
