"""How far each webhook is: what is due, and what becomes of it after an attempt."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import clock, record
from app.accounts.private_consultations import let_in
from app.notifications.webhooks.connecting import Outcome
from app.notifications.webhooks.models import Webhook, WebhookAttempt

GIVEN_UP_AFTER = timedelta(days=3)
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800))
_MOST_FAILURES = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """A webhook that is to get what comes after its cursor."""

    id: UUID
    consultation: UUID
    url: str
    secret: str
    kinds: tuple[str, ...]
    cursor: int


async def active(connection: AsyncConnection) -> list[tuple[UUID, UUID, int]]:
    """Webhooks that may be tried now: id, consultation, cursor. One cheap query, to be asked often."""
    columns = (Webhook.id, Webhook.consultation_id, Webhook.cursor)
    query = select(*columns).where(Webhook.paused.is_(None), Webhook.due <= clock.now())
    return [(row.id, row.consultation_id, row.cursor) for row in await connection.execute(query)]


async def place_of(session: AsyncSession, id: UUID) -> Place | None:
    """Where a webhook stands; None where it is not to be tried now, or is gone.

    It is paused where who made it is no member of a private consultation any more: the address may well be their own.
    """
    query = select(Webhook).where(Webhook.id == id, Webhook.paused.is_(None), Webhook.due <= clock.now())
    webhook = await session.scalar(query.with_for_update())
    if webhook is None:
        return None
    if not await session.scalar(select(let_in(webhook.owner_id, webhook.consultation_id))):
        await _pause(session, webhook)
        return None
    return Place(webhook.id, webhook.consultation_id, webhook.url, webhook.secret, tuple(webhook.kinds), webhook.cursor)


async def pass_over(session: AsyncSession, place: Place, seq: int) -> None:
    """Nothing up to `seq` is of a kind that it wants."""
    here = (Webhook.id == place.id, Webhook.cursor == place.cursor)
    await session.execute(update(Webhook).where(*here).values(cursor=seq))


async def note(session: AsyncSession, place: Place, seq: int, outcome: Outcome) -> Place | None:
    """Keep what came of an attempt, and move on, try again later, or pause. Returns where to go on at once."""
    webhook = await session.get(Webhook, place.id, with_for_update=True, populate_existing=True)
    if webhook is None:
        return None
    now = clock.now()
    session.add(WebhookAttempt(webhook_id=webhook.id, seq=seq, time=now, status=outcome.status, answer=outcome.answer))
    if webhook.cursor != place.cursor or webhook.paused is not None:
        return await place_of(session, webhook.id)  # somebody asked for a replay meanwhile
    if outcome.taken:
        webhook.cursor, webhook.failures, webhook.failing_since = seq, 0, None
        await session.flush()
        return await place_of(session, webhook.id)
    since = webhook.failing_since = webhook.failing_since or now
    over = since + GIVEN_UP_AFTER
    pause = max(_PAUSES[min(webhook.failures, len(_PAUSES) - 1)], outcome.pause)
    webhook.due = min(now + pause, max(over, now))
    webhook.failures = min(webhook.failures + 1, _MOST_FAILURES)
    if outcome.gone or now >= over:
        await _pause(session, webhook)
    await session.flush()
    return None


async def _pause(session: AsyncSession, webhook: Webhook) -> None:
    """The owner gets a mail by this entry, as long as they may read what the webhook brought."""
    webhook.paused = clock.now()
    await session.flush()
    await record.append(
        session, webhook.consultation_id, "webhook.paused", webhook.id, webhook=webhook.id, person=webhook.owner_id
    )
