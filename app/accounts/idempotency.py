"""Writes with an Idempotency-Key: the same request twice is done once, and answered twice."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.accounts.models import Idempotency
from app.language import gettext as _

KEPT = timedelta(days=1)
KEY_LIMIT = 255


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: its status, its Location, and what it was about (read again, so that nothing erased shows)."""

    status: int
    location: str | None = None
    subject: UUID | None = None


@dataclass(frozen=True, slots=True)
class Remembered:
    """A request under its key. `answer` is None the first time: do the work, then `keep_answer`, in one transaction."""

    id: UUID
    answer: Answer | None


async def remember(session: AsyncSession, person: UUID, key: str, request_hash: bytes) -> Remembered:
    """Claim a key for a request, first thing in the transaction that does the work.

    The row is inserted at once: a second request with this key waits here until the first one commits, and then gets
    its answer; or until it fails, and then takes its place. Raises Invalid where the key stood for another request, or
    is empty or too long.
    """
    if not 0 < len(key) <= KEY_LIMIT or not key.isprintable():
        raise errors.Invalid({"Idempotency-Key": _("Give 1 to %(most)s printable characters.", most=KEY_LIMIT)})
    row = {
        "id": clock.new_id(), "person_id": person, "key": key, "request_hash": request_hash, "created": clock.now(),
    }  # fmt: skip
    insert = (
        upsert(Idempotency).values(row).on_conflict_do_nothing(index_elements=[Idempotency.person_id, Idempotency.key])
    )
    made = await session.scalar(insert.returning(Idempotency.id))
    if made is not None:
        return Remembered(made, None)
    query = select(
        Idempotency.id, Idempotency.request_hash, Idempotency.status, Idempotency.location, Idempotency.subject
    ).where(Idempotency.person_id == person, Idempotency.key == key)
    known = (await session.execute(query)).one_or_none()
    if known is None or known.status is None:  # purged this moment, or its work kept no answer
        raise errors.Conflict(_("A request with this Idempotency-Key is under way. Please try again in a moment."))
    if known.request_hash != request_hash:
        raise errors.Invalid({"Idempotency-Key": _("It was used for a different request. Please use a new one.")})
    return Remembered(known.id, Answer(known.status, known.location, known.subject))


async def keep_answer(session: AsyncSession, remembered: Remembered, answer: Answer) -> None:
    """Keep what is answered for the next one who asks the same, in the transaction of the work."""
    await session.execute(
        update(Idempotency)
        .where(Idempotency.id == remembered.id)
        .values(status=answer.status, location=answer.location, subject=answer.subject)
    )
