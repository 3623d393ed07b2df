"""Consultations that only their members see: while they are prepared, or for good."""

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, delete, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, record
from app.accounts.models import Membership, PrivateConsultation
from app.accounts.people import find_or_register
from app.accounts.suspensions import ROLE as SUSPENDED

Why = Literal["preparing", "invited"]


async def make_private(session: AsyncSession, consultation: UUID, why: Why, by: UUID | None) -> None:
    """From here on only members see it: while it is `preparing`, or because it is for who is `invited`."""
    row = await session.get(PrivateConsultation, consultation) or PrivateConsultation(consultation_id=consultation)
    row.why, row.by = why, by
    session.add(row)
    await session.flush()


async def make_public(session: AsyncSession, consultation: UUID) -> None:
    """From here on everybody sees it. A part of announcing it."""
    await session.execute(delete(PrivateConsultation).where(PrivateConsultation.consultation_id == consultation))


async def why_private(session: AsyncSession, consultation: UUID) -> str | None:
    """`preparing` or `invited`; None for what everybody sees."""
    query = select(PrivateConsultation.why).where(PrivateConsultation.consultation_id == consultation)
    return await session.scalar(query)


def let_in(person: Any, consultation: Any, now: Any = None) -> ColumnElement[bool]:
    """That a consultation is open to somebody: it is not private, or they are a member of it.

    A query that is made once gives a parameter for `now`.
    """
    now = literal(clock.now()) if now is None else now
    private = select(PrivateConsultation.why).where(PrivateConsultation.consultation_id == consultation)
    member = select(Membership.id).where(
        Membership.person_id == person, Membership.consultation_id == consultation, Membership.role != SUSPENDED,
        Membership.ended.is_(None), or_(Membership.until.is_(None), Membership.until > now),
    )  # fmt: skip
    return ~private.exists() | member.exists()


async def admit(session: AsyncSession, consultation: UUID, email: str, by: UUID | None) -> None:
    """Let whoever has this address be a participant, with an account where there is none yet. Raises Invalid.

    Who holds a role already is a member: nothing changes.
    """
    person, _new = await find_or_register(session, email)
    held = select(Membership.id).where(
        Membership.person_id == person, Membership.consultation_id == consultation, Membership.ended.is_(None)
    )
    if await session.scalar(held.limit(1)):
        return
    made = Membership(
        id=clock.new_id(), person_id=person, consultation_id=consultation, role="participant", granted_by=by
    )
    session.add(made)
    await session.flush()
    payload = {"person": person, "role": "participant", "consultation": consultation}
    await record.append(session, None, "role.granted", made.id, **payload)


async def all_of_them(session: AsyncSession) -> set[UUID]:
    """The private consultations of this service: for operators, who may see all."""
    return set(await session.scalars(select(PrivateConsultation.consultation_id)))
