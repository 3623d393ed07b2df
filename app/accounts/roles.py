"""Who holds a role, and which there are to give."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.accounts.models import Membership, Person
from app.language import gettext as _

GRANTABLE = ("participant", "moderator", "rapporteur", "organiser")  # a participant: of a private consultation
WORKING = ("moderator", "rapporteur", "organiser")
TOPICAL = ("moderator", "rapporteur")  # which may be for one topic alone


def check_role(role: str) -> None:
    """Raises Invalid for what nobody can be given."""
    if role not in GRANTABLE:
        raise errors.Invalid({"role": _("The role is one of %(choice)s.", choice=", ".join(GRANTABLE))})


async def is_held(session: AsyncSession, role: str) -> bool:
    """Whether anybody holds this role anywhere now."""
    current = exists().where(Membership.role == role, Membership.ended.is_(None))
    return bool(await session.scalar(select(current)))


async def holders(
    session: AsyncSession, consultation: UUID, roles: Collection[str], topic: UUID | None = None
) -> set[UUID]:
    """Who holds one of these roles now, for the whole consultation or for this topic, and may act there: neither
    suspended nor gone."""
    now = or_(Membership.until.is_(None), Membership.until > clock.now())
    current = select(Membership.person_id).where(
        Membership.consultation_id == consultation, Membership.ended.is_(None), now
    )
    there = or_(Membership.topic_id.is_(None), Membership.topic_id == topic)
    query = select(Person.id).where(
        Person.erased.is_(None),
        Person.id.in_(current.where(Membership.role.in_(roles), there)),
        Person.id.not_in(current.where(Membership.role == "suspended")),
    )
    return set(await session.scalars(query))
