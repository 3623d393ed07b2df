"""People who were made up for the sample, deleted for good."""

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import (
    Challenge,
    Idempotency,
    Key,
    MandateClaim,
    Membership,
    OrganisationAlias,
    Person,
    PrivateConsultation,
    RoleOffer,
    Session,
    TeamMember,
)


async def people_at(session: AsyncSession, domain: str) -> list[UUID]:
    """Everyone whose mail address is at this domain."""
    return list(await session.scalars(select(Person.id).where(Person.email.endswith(f"@{domain}", autoescape=True))))


async def remove_memberships(session: AsyncSession, consultation: UUID) -> None:
    """Delete all roles in a consultation that goes, what was offered there, and which names are one organisation."""
    for table in (TeamMember, Membership, RoleOffer, OrganisationAlias, PrivateConsultation):
        await session.execute(delete(table).where(table.consultation_id == consultation))


async def remove_claims(session: AsyncSession, consultation: UUID) -> None:
    """Delete what organisers of a consultation that goes were asked to confirm: with them goes what they confirmed."""
    here = MandateClaim.consultation_id == consultation
    held = select(MandateClaim.person_id).where(here, MandateClaim.outcome == "confirmed", MandateClaim.ended.is_(None))
    await session.execute(update(Person).where(Person.id.in_(held)).values(mandate="claimed"))
    await session.execute(delete(MandateClaim).where(here))


async def remove_person(session: AsyncSession, person: UUID) -> None:
    """Delete a person. Raises IntegrityError for who wrote."""
    row = await session.get(Person, person)
    if row is None:
        return
    for table in (Session, Key, Idempotency, Membership, MandateClaim):
        await session.execute(delete(table).where(table.person_id == person))
    for asked in (Challenge, RoleOffer):
        await session.execute(delete(asked).where(asked.email == row.email))
    await session.delete(row)
    await session.flush()
