"""The mail that says that a webhook is paused."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.private_consultations import let_in
from app.language import translator
from app.notifications.letters import Block, Letter
from app.notifications.webhooks.models import Webhook
from app.readings.letters.addressees import addressee


async def paused(session: AsyncSession, webhook_id: UUID, person: UUID, base_url: str) -> Letter | None:
    """The letter to its owner; None where it goes on again, either is gone, or they are no member any more."""
    webhook = await session.get(Webhook, webhook_id)
    if webhook is None or webhook.paused is None:
        return None
    if not await session.scalar(select(let_in(person, webhook.consultation_id))):
        return None
    told = await addressee(session, person, webhook.consultation_id)
    if told is None:
        return None
    _ = translator(told.language)
    blocks = (
        Block("paragraph", _("A webhook that you made for “{consultation}” is paused. Its address did not take what it "
                             "was sent:").format(consultation=told.consultation)),
        Block("quote", webhook.url),
        Block("paragraph", _("Nothing is lost: when you let it go on, it gets everything from entry {seq} on, in "
                             "order.").format(seq=webhook.cursor + 1)),
        Block("link", _("See what was answered, and let it go on"), f"{base_url}/c/{told.slug}/moderate/webhooks"),
    )  # fmt: skip
    return Letter(told.email, told.language, _("A webhook is paused"), blocks)
