"""Asking the organisation itself: a link by mail, with which it says whether somebody speaks for it.

An organiser gives the address, and answers for it that it is the organisation's own; who claims the mandate has no say
in it. The link works once, for thirty days; opening it changes nothing. Its secret part is an HMAC under the server's
key: nothing stores it. The address is kept until there is an answer or the link is over.
"""

import hmac
from collections.abc import Collection
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.accounts.mandates import locked, require_open, settle, to_answer
from app.accounts.models import MandateClaim
from app.accounts.people import email_address, interface_language
from app.accounts.tokens import sealed
from app.language import gettext as _
from app.permissions import Actor

LASTS = timedelta(days=30)
MOST_LETTERS = 5  # about one request: nobody is to be pestered

State = Literal["good", "answered", "expired", "gone", "unknown"]


def link_path(claim: UUID, letter: int) -> str:
    """The path of the link in a letter. GET shows the question and two buttons; only POST uses it up."""
    return f"/mandate/{claim}/{_token(claim, letter)}"


async def pass_on(
    session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, email: str, language: str | None
) -> MandateClaim:
    """Ask the organisation whether it is so; the worker sends the mail. An earlier link stops working.

    Raises Unauthenticated, Forbidden (of one's own, too), NotFound, Invalid; Conflict where it was answered before, and
    for one letter too many.
    """
    claim, person = await to_answer(session, actor, consultation, id)
    require_open(claim)
    address = email_address(email)
    if address == person.email:
        raise errors.Invalid({"email": _("This is the address of who asks: please give one of the organisation.")})
    if claim.letters >= MOST_LETTERS:
        raise errors.Conflict(_("The organisation was asked %(most)s times, which is the most.", most=MOST_LETTERS))
    claim.letters += 1
    claim.email, claim.language, claim.expires = address, interface_language(language), clock.now() + LASTS
    await session.flush()
    await record.append(session, consultation, "mandate.passed_on", claim.id, person=person.id)
    return claim


async def answer_link(session: AsyncSession, id: UUID, token: str, *, yes: bool) -> None:
    """What the organisation says. Who holds the link needs no account.

    Raises NotFound for what is no link, Gone where it was used, is over, or the request was taken back.
    """
    claim = await session.get(MandateClaim, id)
    person = await locked(session, claim.person_id) if claim is not None else None
    claim = await session.get(MandateClaim, id, with_for_update=True, populate_existing=True)
    state = state_of(id, token, claim)
    if state == "unknown":
        raise errors.NotFound(_("There is no such link."))
    if claim is None or person is None or state != "good":
        raise errors.Gone(_("This link is over."))
    await settle(session, claim, person, "confirmed" if yes else "declined", by=None)


def state_of(id: UUID, token: str, claim: MandateClaim | None) -> State:
    """What opening a link would do, for this request or where it is there no more."""
    letters = [each for each in range(1, MOST_LETTERS + 1) if _is_token(id, each, token)]
    if not letters:
        return "unknown"
    if claim is None:
        return "gone"
    if claim.decided is not None:
        return "answered"
    is_over = letters != [claim.letters] or claim.expires is None or claim.expires <= clock.now()
    return "expired" if is_over else "good"


async def forget_addresses(session: AsyncSession) -> None:
    """Delete the addresses of links that are over."""
    over = update(MandateClaim).where(MandateClaim.email.is_not(None), MandateClaim.expires <= clock.now())
    await session.execute(over.values(email=None))


async def addressed_among(session: AsyncSession, claims: Collection[UUID]) -> set[UUID]:
    """Those of these requests about which an answer of the organisation is waited for."""
    waits = (MandateClaim.email.is_not(None), MandateClaim.expires > clock.now())
    return set(await session.scalars(select(MandateClaim.id).where(MandateClaim.id.in_(claims), *waits)))


def _is_token(claim: UUID, letter: int, token: str) -> bool:
    return hmac.compare_digest(token.encode(errors="replace"), _token(claim, letter).encode())


def _token(claim: UUID, letter: int) -> str:
    return sealed("mandate link", claim.bytes, letter.to_bytes()).hex()
