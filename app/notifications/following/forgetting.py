"""Subscriptions that go: with their consultation, or with the account of who follows."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app.notifications.following.models import Subscription


async def forget_people(session: AsyncSession, people: Collection[UUID]) -> None:
    """Forget what these people followed."""
    await session.execute(delete(Subscription).where(Subscription.person_id.in_(people)))


async def remove_subscriptions(session: AsyncSession, consultation: UUID, people: Collection[UUID] = ()) -> None:
    """Delete all subscriptions in a consultation that goes, and all of the people who go with it."""
    await session.execute(delete(Subscription).where(Subscription.consultation_id == consultation))
    await forget_people(session, people)
