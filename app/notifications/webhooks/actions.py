"""What moderators do with webhooks. Each verb: require, change, append to the staff log, return."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.language import gettext as _
from app.notifications.webhooks.addresses import checked_url
from app.notifications.webhooks.models import Webhook, WebhookAttempt
from app.notifications.webhooks.signing import fresh_secret
from app.permissions import Actor, Thing, require
from app.record.kinds import KINDS

MOST = 20  # in one consultation
PUBLIC_KINDS = tuple(name for name, kind in KINDS.items() if kind.log == "public")


async def make(session: AsyncSession, actor: Actor, consultation: UUID, url: str, kinds: Sequence[str]) -> Webhook:
    """A new webhook for what comes from now on; without `kinds` all of it. Its secret is for who makes it.

    Raises Invalid, Conflict.
    """
    require(actor, "webhook.manage", Thing(consultation))
    unknown = sorted(set(kinds) - set(PUBLIC_KINDS))
    if unknown:
        raise errors.Invalid({"kinds": _("There is no such kind of entry: %(value)s.", value=", ".join(unknown)[:200])})
    address = checked_url(url)
    count = select(func.count()).select_from(Webhook).where(Webhook.consultation_id == consultation)
    if int(await session.scalar(count) or 0) >= MOST:
        raise errors.Conflict(
            _("This consultation has %(most)s webhooks, which is the most: remove one first.", most=MOST)
        )
    assert actor.person is not None  # moderators are people
    webhook = Webhook(
        id=clock.new_id(), consultation_id=consultation, owner_id=actor.person, url=address, secret=fresh_secret(),
        kinds=[kind for kind in PUBLIC_KINDS if kind in kinds], created=clock.now(), due=clock.now(), failures=0,
        cursor=await record.size(session, record.log_id("public", consultation)),
    )  # fmt: skip
    session.add(webhook)
    await session.flush()
    await record.append(session, consultation, "webhook.made", webhook.id, person=actor.person)
    return webhook


async def remove(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> None:
    """Give a webhook up. Raises NotFound."""
    webhook = await _to_manage(session, actor, consultation, id)
    await session.execute(delete(WebhookAttempt).where(WebhookAttempt.webhook_id == id))
    await session.delete(webhook)
    await session.flush()
    await record.append(session, consultation, "webhook.removed", id, person=actor.person)


async def replay(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, seq: int | None = None) -> Webhook:
    """Go on at once, paused or not: where it stopped or, with `seq`, from that entry on. Raises NotFound, Invalid."""
    webhook = await _to_manage(session, actor, consultation, id)
    if seq is not None:
        size = await record.size(session, record.log_id("public", consultation))
        if not 1 <= seq <= size:
            raise errors.Invalid({"seq": _("The record has entries 1 to %(size)s.", size=size)})
        webhook.cursor = seq - 1
    webhook.paused = webhook.failing_since = None
    webhook.failures, webhook.due = 0, clock.now()
    await session.flush()
    await record.append(session, consultation, "webhook.resumed", id, person=actor.person)
    return webhook


async def _to_manage(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> Webhook:
    require(actor, "webhook.manage", Thing(consultation))
    webhook = await session.get(Webhook, id, with_for_update=True, populate_existing=True)
    if webhook is None or webhook.consultation_id != consultation:
        raise errors.NotFound(_("There is no such webhook."))
    return webhook
