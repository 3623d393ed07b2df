"""Addresses that mail does not reach, and people who called our mail unwanted: nothing is sent to them any more.

What says that it is for good switches an address off at once. Anything else may pass, a full mailbox say: it counts
once a day, and the third day in a row does. Codes to sign in with are sent all the same: whoever asks for one waits.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, record
from app.notifications.models import Delivery, FailingAddress
from app.permissions import Actor, Thing, require

Why = Literal["bounce", "complaint"]
DAYS = 3  # in a row
_DETAIL = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_GONE = frozenset(("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"))  # RFC 3463: no such mailbox, domain
_OURS = ("5.1.7", "5.1.8")  # our address, our server: nothing about who was written to
_IN_A_ROW = timedelta(days=14)  # failures further apart are not: mail may go out once a week


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """Since when nothing is sent to an address, and why."""

    since: datetime
    why: Why


async def address_failed(session: AsyncSession, person: UUID, why: Why, *, permanent: bool) -> None:
    """Mail to somebody came back, or they complained of it. `permanent`: there is no such mailbox, or a complaint.

    Appends `address.failed` to the service log where it switches the address off.
    """
    now = clock.now()
    today, final = now.date(), permanent or why == "complaint"
    known = await session.get(FailingAddress, person, with_for_update=True, populate_existing=True)
    if known is None:
        first = upsert(FailingAddress).values(person_id=person, failures=0, last=today - timedelta(days=1))
        await session.execute(first.on_conflict_do_nothing())
        known = await session.get_one(FailingAddress, person, with_for_update=True, populate_existing=True)
    if known.off is not None:
        return
    if known.last < today - _IN_A_ROW:
        known.failures = 0
    if known.last < today:
        known.failures, known.last = known.failures + 1, today
    if final or known.failures >= DAYS:
        known.off, known.why = now, why
        await session.flush()
        await record.append(session, None, "address.failed", person, person=person, why=why)
    await session.flush()


async def delivery_failed(session: AsyncSession, delivery: UUID, why: Why, *, permanent: bool) -> None:
    """As `address_failed`, for whom a message went to. Nothing happens where it is not known, or went to no account."""
    person = await session.scalar(select(Delivery.person_id).where(Delivery.id == delivery))
    if person is not None:
        await address_failed(session, person, why, permanent=permanent)


async def try_again(session: AsyncSession, actor: Actor) -> None:
    """One's own address is right again. Appends `address.restored` where it was off. Raises Unauthenticated."""
    require(actor, "subscription.change", Thing(owner=actor.person))
    assert actor.person is not None  # owners are people
    gone = delete(FailingAddress).where(FailingAddress.person_id == actor.person).returning(FailingAddress.off)
    if (await session.execute(gone)).scalar_one_or_none() is not None:
        await record.append(session, None, "address.restored", actor.person, person=actor.person)


async def switched_off(session: AsyncSession, person: UUID) -> SwitchedOff | None:
    """Whether nothing is sent to somebody; None where mail goes out to them."""
    query = select(FailingAddress.off, FailingAddress.why)
    row = (
        await session.execute(query.where(FailingAddress.person_id == person, FailingAddress.off.is_not(None)))
    ).one_or_none()
    return SwitchedOff(row.off, row.why) if row is not None else None


def is_for_good(code: int, message: str) -> bool:
    """Whether a refusal says that there is no such mailbox (RFC 3463), rather than that it takes no mail for now."""
    detail = _DETAIL.match(message.strip())
    return is_gone(detail[0]) if detail else code in (551, 553)


def is_gone(detail: str) -> bool:
    """Whether a status code says that there is no such mailbox, or that it is disabled."""
    return detail in _GONE


def is_about_us(message: str) -> bool:
    """Whether what a server says begins with a code that is about the sender: it counts against nobody's address."""
    return message.strip().startswith(_OURS)


def is_off(person: Any) -> Any:
    """The same as a condition of a query, for a column of people."""
    off = select(FailingAddress.person_id).where(FailingAddress.person_id == person, FailingAddress.off.is_not(None))
    return off.exists()
