"""Webhooks and their attempts, as those who manage them see them. Secrets are in none of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.language import gettext as _
from app.notifications.webhooks.models import Webhook, WebhookAttempt
from app.permissions import Actor, Thing, require


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to bring an entry."""

    seq: int
    time: datetime
    status: int | None
    answer: str

    def json(self) -> dict[str, Any]:
        """As the API gives it."""
        return {"seq": self.seq, "time": clock.iso(self.time), "status": self.status, "answer": self.answer}


@dataclass(frozen=True, slots=True)
class WebhookView:
    """A webhook and its newest attempts, newest first."""

    id: UUID
    url: str
    kinds: tuple[str, ...]
    created: datetime
    cursor: int
    failing_since: datetime | None
    due: datetime | None  # when the next entry is tried again; None unless one failed
    paused: datetime | None
    attempts: Sequence[Attempt]

    def json(self) -> dict[str, Any]:
        """As the API gives it, without its attempts."""
        return {
            "id": str(self.id), "url": self.url, "kinds": list(self.kinds), "created": clock.iso(self.created),
            "cursor": self.cursor, "failing_since": clock.iso(self.failing_since), "next_try": clock.iso(self.due),
            "paused": clock.iso(self.paused),
        }  # fmt: skip


async def webhooks_of(
    session: AsyncSession, actor: Actor, consultation: UUID, attempts: int = 10
) -> Sequence[WebhookView]:
    """The webhooks of a consultation, oldest first, each with its newest attempts."""
    require(actor, "webhook.manage", Thing(consultation))
    query = select(Webhook).where(Webhook.consultation_id == consultation).order_by(Webhook.id)
    return [await _view(session, webhook, attempts) for webhook in await session.scalars(query)]


async def webhook_of(
    session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, attempts: int = 50
) -> WebhookView:
    """One of them. Raises NotFound."""
    require(actor, "webhook.manage", Thing(consultation))
    webhook = await session.get(Webhook, id)
    if webhook is None or webhook.consultation_id != consultation:
        raise errors.NotFound(_("There is no such webhook."))
    return await _view(session, webhook, attempts)


async def secret_of(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> str:
    """The secret, for the answer to who has just made it. Raises NotFound."""
    require(actor, "webhook.manage", Thing(consultation))
    own = (Webhook.id == id, Webhook.consultation_id == consultation, Webhook.owner_id == actor.person)
    found = await session.scalar(select(Webhook.secret).where(*own))
    if found is None:
        raise errors.NotFound(_("There is no such webhook."))
    return found


async def held_about(session: AsyncSession, person: UUID) -> list[dict[str, Any]]:
    """The webhooks that a person made, for the person to download."""
    query = select(Webhook).where(Webhook.owner_id == person).order_by(Webhook.id)
    return [
        {
            "id": str(each.id),
            "consultation": str(each.consultation_id),
            "url": each.url,
            "made": clock.iso(each.created),
        }
        for each in await session.scalars(query)
    ]


async def _view(session: AsyncSession, webhook: Webhook, most: int) -> WebhookView:
    columns = (WebhookAttempt.seq, WebhookAttempt.time, WebhookAttempt.status, WebhookAttempt.answer)
    newest = select(*columns).where(WebhookAttempt.webhook_id == webhook.id).order_by(WebhookAttempt.id.desc())
    return WebhookView(
        webhook.id, webhook.url, tuple(webhook.kinds), webhook.created, webhook.cursor, webhook.failing_since,
        webhook.due if webhook.failing_since and not webhook.paused else None, webhook.paused,
        [Attempt(*row) for row in await session.execute(newest.limit(most))],
    )  # fmt: skip
