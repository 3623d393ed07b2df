"""Who a mail goes to, about which consultation. Needs a write session."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Person
from app.consultations.models import Consultation
from app.readings.spoken import title_in


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where to write to, in which language, and about what."""

    email: str
    language: str
    slug: str
    consultation: str


async def addressee(session: AsyncSession, person: UUID, consultation: UUID) -> Addressee | None:
    """A person, to be told about a consultation; None where either is gone, or the account was erased."""
    about = Consultation.id == consultation
    query = (
        select(Person.email, Person.language, Consultation.slug, Consultation.title, Consultation.details)
        .join(Consultation, about)
        .where(Person.id == person, Person.erased.is_(None))
    )
    row = (await session.execute(query)).one_or_none()
    if row is None or row.email is None:
        return None
    return Addressee(row.email, row.language, row.slug, title_in(row.language, row.title, row.details))
