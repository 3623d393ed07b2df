"""What mail says, and who sent it, is forgotten: with the text, with the account, and when nobody needs it any more.

The row stays for a while longer, without either, so that a second copy is known again.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.accounts.people import address_of
from app.mailed.models import InboundMail, InboundText

KEPT = timedelta(days=30)  # what a mail says, after it was dealt with
KNOWN = timedelta(days=180)  # that there was such a mail

_NOTHING: dict[str, Any] = {
    "raw": None, "text": None, "subject": None, "sender": None, "recipient": None, "returns": None, "message_id": None,
    "message": None, "parts": [], "told": [],
}  # fmt: skip


async def purge_mails(session: AsyncSession) -> None:
    """Forget what was dealt with a month ago, and what its sender was asked and did not answer."""
    now = clock.now()
    asked = (InboundMail.state == "asked") & (InboundMail.expires < now)
    old = InboundMail.state.not_in(("arrived", "asked")) & (InboundMail.settled < now - KEPT)
    await _empty(session, or_(asked, old) & InboundMail.recipient.is_not(None))
    ended = update(InboundMail).where(asked).values(state="given_up", reason="over", settled=now)
    await session.execute(ended.execution_options(synchronize_session=False))
    await session.execute(delete(InboundMail).where(InboundMail.received < now - KNOWN, InboundMail.raw.is_(None)))


async def forget_texts(session: AsyncSession, contributions: Collection[UUID]) -> None:
    """The mails that these texts came by: of an erased text nothing may stay."""
    if contributions:
        theirs = select(InboundText.mail_id).where(InboundText.contribution_id.in_(contributions))
        await _empty(session, InboundMail.id.in_(theirs))


async def hold_person(session: AsyncSession, person: UUID) -> None:
    """Lock the mails of somebody who leaves, before any text: whoever deals with one locks them in this order."""
    theirs = select(InboundMail.id).where(await _theirs(session, person)).order_by(InboundMail.id)
    await session.execute(theirs.with_for_update())


async def forget_person(session: AsyncSession, person: UUID) -> None:
    """All mails of somebody who leaves; what of them is not dealt with yet never is."""
    theirs = await _theirs(session, person)
    ended = {"state": "given_up", "reason": "left", "settled": clock.now()}
    waiting = update(InboundMail).where(theirs, InboundMail.state.in_(("arrived", "asked"))).values(ended)
    await session.execute(waiting.execution_options(synchronize_session=False))
    await _empty(session, theirs)
    left = update(InboundMail).where(InboundMail.person_id == person).values(person_id=None)
    await session.execute(left.execution_options(synchronize_session=False))


async def remove_mails(session: AsyncSession, consultation: UUID) -> None:
    """Delete the mails to a consultation that goes."""
    await session.execute(delete(InboundMail).where(InboundMail.consultation_id == consultation))


async def held_about(
    session: AsyncSession, person: UUID, after: UUID | None = None, limit: int = 1_000
) -> list[dict[str, Any]]:  # fmt: skip
    """The mails of a person that are kept, those after the mail `after`, as JSON-able values."""
    query = select(InboundMail).where(await _theirs(session, person)).order_by(InboundMail.id).limit(limit)
    rows = await session.scalars(query.where(InboundMail.id > after) if after else query)
    return [
        {"id": str(row.id), "received": clock.iso(row.received), "subject": row.subject, "text": row.text,
         "state": row.state, "reason": row.reason}
        for row in rows
    ]  # fmt: skip


async def _theirs(session: AsyncSession, person: UUID) -> ColumnElement[bool]:
    mine, address = InboundMail.person_id == person, await address_of(session, person)
    # Of what was not dealt with only the envelope says who sent it.
    return or_(mine, InboundMail.sender == address, InboundMail.returns == address) if address else mine


async def _empty(session: AsyncSession, which: ColumnElement[bool]) -> None:
    emptied = update(InboundMail).where(which).values(_NOTHING)
    await session.execute(emptied.execution_options(synchronize_session=False))
