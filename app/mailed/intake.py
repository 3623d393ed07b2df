"""Mail is taken in: kept before anybody is told that it was, and then dealt with once.

A second copy is the same mail. What cannot be dealt with is tried again, and never lost: it stays, marked as failed.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.accounts.tokens import sealed
from app.mailed.models import InboundMail

MOST_TRIES = 5
MOST_DEATHS = 10  # tries that nobody reported on: a mail must not end the server again and again
_ATTEMPT_LASTS = timedelta(seconds=120)  # who has not reported by then is taken for dead
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600))
_HEADERS = 65_536  # bytes in which the Message-ID is looked for
_END = re.compile(rb"\r?\n\r?\n")  # of the headers
_MESSAGE_ID = re.compile(rb"^message-id:[ \t\r\n]*(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that is to be dealt with now. `confirmed` where its sender was asked something and said yes."""

    id: UUID
    recipient: str
    returns: str
    raw: bytes
    received: datetime
    tries: int  # this one included
    confirmed: bool
    confirmed_on_page: bool  # or else in another mail
    byline: str | None  # chosen with that


async def keep(session: AsyncSession, returns: str, recipient: str, raw: bytes) -> tuple[UUID, bool]:
    """Keep a mail; `returns` is the envelope's sender. Returns its id, and whether it is new: else it is known.

    What is kept is dealt with after the commit, whatever happens to this process. A copy of one that failed is new.
    """
    row = {
        "id": clock.new_id(), "fingerprint": _fingerprint(recipient, raw), "recipient": recipient.strip().lower(),
        "returns": returns.strip().lower(), "raw": raw, "received": clock.now(), "due": clock.now(),
    }  # fmt: skip
    anew = {name: row[name] for name in ("recipient", "returns", "raw", "due")}
    anew |= {"state": "arrived", "reason": None, "tries": 0, "settled": None}
    insert = upsert(InboundMail).values(row).on_conflict_do_update(
        index_elements=[InboundMail.fingerprint], set_=anew, where=InboundMail.state == "failed"
    )  # fmt: skip
    made: UUID | None = await session.scalar(insert.returning(InboundMail.id))
    if made is not None:
        return made, True
    known = await session.scalar(select(InboundMail.id).where(InboundMail.fingerprint == row["fingerprint"]))
    assert known is not None  # the insert conflicted with it
    return known, False


async def claim(session: AsyncSession, only: UUID | None = None) -> Taken | None:
    """Take the mail that has waited longest, or this one; None where there is none that is due."""
    now = clock.now()
    query = select(InboundMail.id).where(InboundMail.state == "arrived", InboundMail.due <= now)
    query = query.where(InboundMail.id == only) if only else query
    waiting = query.order_by(InboundMail.due).limit(1).with_for_update(skip_locked=True)
    claimed = (
        update(InboundMail)
        .where(InboundMail.id.in_(waiting.scalar_subquery()))
        .values(due=now + _ATTEMPT_LASTS, tries=InboundMail.tries + 1)
        .returning(
            InboundMail.id, InboundMail.recipient, InboundMail.returns, InboundMail.raw, InboundMail.received,
            InboundMail.tries, InboundMail.confirmed.is_not(None),
            InboundMail.confirmed.is_not(None) & InboundMail.confirmed_by.is_(None), InboundMail.byline,
        )
    )  # fmt: skip
    row: Any = (await session.execute(claimed)).one_or_none()
    return Taken(*row) if row is not None else None


async def try_again(session: AsyncSession, taken: Taken) -> bool:
    """It did not work: later, unless it was tried often enough. Returns whether it is to be tried again."""
    again = taken.tries < MOST_TRIES
    pause = _PAUSES[min(taken.tries, len(_PAUSES)) - 1]
    columns: dict[str, Any] = {"due": clock.now() + pause}
    if not again:
        columns = {"state": "failed", "reason": "error", "settled": clock.now()}
    await session.execute(update(InboundMail).where(*_attempt(taken)).values(**columns))
    return again


async def hold_failed(session: AsyncSession, taken: Taken) -> InboundMail | None:
    """As `hold`, for one that has just failed for the last time."""
    query = select(InboundMail).where(InboundMail.id == taken.id, InboundMail.state == "failed").with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def hold(session: AsyncSession, taken: Taken) -> InboundMail | None:
    """The mail's row, locked until the commit; None where another process has dealt with it meanwhile."""
    query = select(InboundMail).where(*_attempt(taken)).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


def _fingerprint(recipient: str, raw: bytes) -> bytes:
    """The same for every copy of a mail to one address, by whichever way it comes."""
    found = _MESSAGE_ID.search(_END.split(raw[:_HEADERS], maxsplit=1)[0])
    named = found[1] if found else hashlib.sha256(raw).digest()
    return sealed("inbound mail", recipient.strip().lower().encode(), named)


def _attempt(taken: Taken) -> tuple[ColumnElement[bool], ...]:
    return InboundMail.id == taken.id, InboundMail.state == "arrived", InboundMail.tries == taken.tries
