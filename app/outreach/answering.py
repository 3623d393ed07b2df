"""What invited people answer, by the link in their mail. Opening it changes nothing, and tells nobody anything.

Its secret part is an HMAC under the server's key: nothing stores it. Who declines is forgotten at once, in every round
of this service; what stays is an HMAC of the address, so that nobody invites it again.
"""

import hmac
from typing import Literal
from uuid import UUID

from sqlalchemy import case, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.accounts.private_consultations import admit, why_private
from app.accounts.tokens import sealed
from app.language import gettext as _
from app.outreach.forgetting import FORGOTTEN
from app.outreach.models import DeclinedAddress, Invitee, Round
from app.outreach.sorting import hash_of
from app.outreach.turn import take_turn

State = Literal["open", "answered", "declined", "over", "unknown"]


def link_path(invitee: UUID) -> str:
    """The path of somebody's link. GET shows the question; only POST answers it."""
    return f"/invitation/{invitee}/{_token(invitee)}"


async def accept(session: AsyncSession, id: UUID, token: str) -> str:
    """Take an invitation up. Who holds the link needs no account; into a private consultation it makes them a member.

    A second time changes nothing.

    Returns the address, with which they can sign in. Raises NotFound, and Gone where nothing is kept of them any more.
    """
    await take_turn(session)
    found = await _held(session, id, token)
    if found is None or found.email is None:
        raise errors.Gone(_("This invitation is over."))
    if found.state != "answered":
        found.state, found.since = "answered", clock.now()
        await session.flush()
        await _tell(session, "invitee.answered", found)
        query = select(Round.consultation_id, Round.sent_by).where(Round.id == found.round_id)
        consultation, sent_by = (await session.execute(query)).one()
        if await why_private(session, consultation) is not None:
            await admit(session, consultation, found.email, sent_by)
    return found.email


async def decline(session: AsyncSession, id: UUID, token: str) -> None:
    """Want no more invitations from this service, whoever sends them. A second time changes nothing.

    Raises NotFound, and Gone where nothing is kept of them any more.
    """
    await take_turn(session)
    found = await _held(session, id, token)
    if found is not None and found.state == "declined":
        return
    if found is None or found.email is None:
        raise errors.Gone(_("This invitation is over."))
    await _decline(session, found.email, found.id)


async def decline_by_mail(session: AsyncSession, id: UUID) -> None:
    """The same, by an address that only the server makes (`notifications/mailboxes.py`). Raises Gone."""
    await decline(session, id, _token(id))


async def decline_again(session: AsyncSession, declined: bytes) -> None:
    """Repeat in a restored database what an address had declined."""
    await take_turn(session)
    await _keep_hash(session, declined)
    emails = await session.scalars(select(Invitee.email).where(Invitee.email.is_not(None)).distinct())
    for email in [each for each in emails if each and hash_of(each) == declined]:
        await _decline(session, email)


def state_of(id: UUID, token: str, invitee: Invitee | None) -> State:
    """What opening this link shows."""
    if not _is_token(id, token):
        return "unknown"
    if invitee is None:
        return "over"
    if invitee.state == "declined":
        return "declined"
    if invitee.email is None:
        return "over"
    return "answered" if invitee.state == "answered" else "open"


async def _held(session: AsyncSession, id: UUID, token: str) -> Invitee | None:
    if not _is_token(id, token):
        raise errors.NotFound(_("There is no such link."))
    return await session.get(Invitee, id, with_for_update=True, populate_existing=True)


async def _decline(session: AsyncSession, email: str, here: UUID | None = None) -> None:
    """Forget an address in every round. Who had accepted elsewhere stays counted there."""
    await _keep_hash(session, hash_of(email))
    state = case(((Invitee.state == "answered") & (Invitee.id != here), "answered"), else_="declined")
    every = update(Invitee).where(Invitee.email == email).values(state=state, since=clock.now(), **FORGOTTEN)
    ids = list(await session.scalars(every.returning(Invitee.id).execution_options(synchronize_session=False)))
    query = select(Invitee).where(Invitee.id.in_(ids), Invitee.state == "declined").order_by(Invitee.id)
    rows = await session.scalars(query.execution_options(populate_existing=True))
    for row in rows.all():
        await _tell(session, "invitee.declined", row, hash=hash_of(email))


async def _keep_hash(session: AsyncSession, declined: bytes) -> None:
    row = upsert(DeclinedAddress).values(hash=declined, since=clock.now())
    await session.execute(row.on_conflict_do_nothing())


async def _tell(session: AsyncSession, kind: str, invitee: Invitee, **more: bytes) -> None:
    consultation = await session.scalar(select(Round.consultation_id).where(Round.id == invitee.round_id))
    await record.append(session, consultation, kind, invitee.id, round=invitee.round_id, **more)


def _is_token(invitee: UUID, token: str) -> bool:
    return hmac.compare_digest(token.encode(errors="replace"), _token(invitee).encode())


def _token(invitee: UUID) -> str:
    return sealed("invitation link", invitee.bytes).hex()
