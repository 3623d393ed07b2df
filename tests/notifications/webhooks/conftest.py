"""Webhooks in the founding consultation, with a courier that brings what is due."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import update

from app.clock import now
from app.config import settings
from app.database import Database
from app.notifications.webhooks import actions, listing
from app.notifications.webhooks.courier import Courier
from app.notifications.webhooks.listing import WebhookView
from app.notifications.webhooks.models import Webhook
from tests.making import Made, make, say
from tests.notifications.webhooks.receiving import Receiver

BASE = "https://plenary.example"


@dataclass
class Hooks:
    """The consultation, and a courier for its webhooks."""

    database: Database
    made: Made
    courier: Courier

    async def to(self, receiver: Receiver, *kinds: str) -> Webhook:
        """A new webhook to this receiver, which knows its secret."""
        async with self.database.writing() as session:
            webhook = await actions.make(session, self.made.moderator, self.made.id, receiver.url, kinds)
        receiver.secret = webhook.secret
        return webhook

    async def say(self, times: int = 1) -> None:
        """As many public contributions."""
        for _ in range(times):
            await say(self.database, self.made)

    async def bring(self) -> None:
        """What is due, until it is taken or failed."""
        await self.courier.look()
        await self.courier.wait()

    async def view(self, webhook: Webhook) -> WebhookView:
        """How it stands."""
        async with self.database.writing() as session:
            return await listing.webhook_of(session, self.made.moderator, self.made.id, webhook.id)

    async def wait_is_over(self, webhook: Webhook, **columns: Any) -> None:
        """As if time had passed."""
        async with self.database.writing() as session:
            await session.execute(update(Webhook).where(Webhook.id == webhook.id).values(due=now(), **columns))


@pytest.fixture
async def hooks(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hooks]:
    """Webhooks that may go to this machine."""
    monkeypatch.setenv("PLENARY_WEBHOOK_TARGETS", "any")
    settings.cache_clear()
    courier = Courier(database, BASE)
    yield Hooks(database, await make(database), courier)
    await courier.close()
