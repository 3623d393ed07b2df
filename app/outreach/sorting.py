"""Who of a list can be invited: not who was invited to this consultation before, nor who wants no invitations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import LargeBinary, Text, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.tokens import sealed
from app.outreach.lists import Entry
from app.outreach.models import DeclinedAddress, Invitee, Round


@dataclass(frozen=True, slots=True)
class Sorted:
    """Whom a round would reach, and how many are left out. Nobody learns whether an address has an account."""

    entries: Sequence[Entry]
    before: int  # invited to this consultation already
    declined: int  # want no invitations from this service


async def sort_out(session: AsyncSession, consultation: UUID, entries: Sequence[Entry]) -> Sorted:
    """Those of a list who can be invited to a consultation."""
    emails = [entry.email for entry in entries]
    declined = await _declined(session, emails)
    before = await _invited(session, consultation, emails) - declined
    left = [entry for entry in entries if entry.email not in before and entry.email not in declined]
    return Sorted(left, len(before), len(declined))


def hash_of(email: str) -> bytes:
    """What is kept of an address that wants no invitations."""
    return sealed("declined invitation", email.encode())


async def _declined(session: AsyncSession, emails: Collection[str]) -> set[str]:
    hashes = {hash_of(email): email for email in emails}
    known = bindparam("known", list(hashes), ARRAY(LargeBinary()))
    query = select(DeclinedAddress.hash).where(DeclinedAddress.hash == any_(known))
    return {hashes[found] for found in await session.scalars(query)}


async def _invited(session: AsyncSession, consultation: UUID, emails: Collection[str]) -> set[str]:
    given = bindparam("given", list(emails), ARRAY(Text()))
    query = (
        select(Invitee.email)
        .join(Round, Round.id == Invitee.round_id)
        .where(Round.consultation_id == consultation, Invitee.email == any_(given))
    )
    return {email for email in await session.scalars(query) if email is not None}
