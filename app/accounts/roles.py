"""Who holds a role."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.accounts.models import Membership, Person


async def is_held(session: AsyncSession, role: str) -> bool:
    """Whether anybody holds this role anywhere now."""
    current = exists().where(Membership.role == role, Membership.ended.is_(None))
    return bool(await session.scalar(select(current)))


async def holders(session: AsyncSession, consultation: UUID, roles: Collection[str]) -> set[UUID]:
    """Who holds one of these roles in a consultation now, and may act there: neither suspended nor gone."""
    now = or_(Membership.until.is_(None), Membership.until > clock.now())
    current = select(Membership.person_id).where(
        Membership.consultation_id == consultation, Membership.ended.is_(None), now
    )
    query = select(Person.id).where(
        Person.erased.is_(None),
        Person.id.in_(current.where(Membership.role.in_(roles))),
        Person.id.not_in(current.where(Membership.role == "suspended")),
    )
    return set(await session.scalars(query))
