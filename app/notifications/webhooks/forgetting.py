"""Webhooks that go: with their consultation, or with the account of who made them; and attempts of long ago."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.notifications.webhooks.models import Webhook, WebhookAttempt

_KEPT = timedelta(days=30)


async def forget_people(session: AsyncSession, people: Collection[UUID]) -> None:
    """Remove what these people made, whose accounts are erased: the address may well be their own."""
    await _remove(session, select(Webhook.id).where(Webhook.owner_id.in_(people)))


async def remove_webhooks(session: AsyncSession, consultation: UUID) -> None:
    """Delete all webhooks of a consultation that goes."""
    await _remove(session, select(Webhook.id).where(Webhook.consultation_id == consultation))


async def purge_attempts(session: AsyncSession) -> None:
    """Delete attempts of more than a month ago."""
    await session.execute(delete(WebhookAttempt).where(WebhookAttempt.time < clock.now() - _KEPT))


async def known_among(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    """Those of these webhooks that are still there."""
    return set(await session.scalars(select(Webhook.id).where(Webhook.id.in_(ids))))


async def _remove(session: AsyncSession, which: Select[UUID]) -> None:
    ids = list(await session.scalars(which.with_for_update()))  # so that no attempt comes in between
    await session.execute(delete(WebhookAttempt).where(WebhookAttempt.webhook_id.in_(ids)))
    await session.execute(delete(Webhook).where(Webhook.id.in_(ids)))
