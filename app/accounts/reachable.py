"""Who can be written to: those with an account that stands, who are not suspended where it is written from and, where
that is private, are members."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.accounts.models import Membership, Person
from app.accounts.private_consultations import let_in
from app.accounts.suspensions import ROLE


async def reachable(session: AsyncSession, people: Collection[UUID], consultation: UUID) -> set[UUID]:
    """Those of these people who can be written to from this consultation."""
    suspended = select(Membership.person_id).where(
        Membership.consultation_id == consultation, Membership.role == ROLE, Membership.ended.is_(None),
        Membership.until > clock.now(),
    )  # fmt: skip
    present = select(Person.id).where(Person.id.in_(people), Person.erased.is_(None), Person.email.is_not(None))
    return set(await session.scalars(present.where(Person.id.not_in(suspended), let_in(Person.id, consultation))))
