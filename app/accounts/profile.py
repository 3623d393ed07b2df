"""A person's profile as they see it: what they themselves said."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import errors
from app.accounts.models import Person
from app.accounts.profile_form import ProfileForm
from app.language import gettext as _
from app.permissions import Actor, Thing, require


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything on the profile page; `form` has the fields as they stand."""

    id: UUID
    email: str
    form: ProfileForm
    organisation_id: UUID | None
    mandate: str | None
    created: datetime
    consented: datetime | None


async def profile_of(session: AsyncSession | AsyncConnection, actor: Actor, person: UUID) -> Profile:
    """The profile of a person, for that person. Raises NotFound, Forbidden."""
    require(actor, "profile.read", Thing(owner=person))
    columns = (
        Person.id, Person.email, Person.name, Person.language, Person.time_zone, Person.capacity, Person.byline,
        Person.mandate, Person.created, Person.consented, Person.organisation_id, Person.organisation_name,
        Person.organisation_kind, Person.organisation_country, Person.organisation_region, Person.organisation_website,
    )  # fmt: skip
    query = select(*columns).where(Person.id == person, Person.erased.is_(None))
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise errors.NotFound(_("There is no such person."))
    form = ProfileForm(
        name=row.name or "",
        language=row.language,
        time_zone=row.time_zone,
        organisation=row.organisation_name,
        organisation_kind=row.organisation_kind,
        organisation_country=row.organisation_country,
        organisation_region=row.organisation_region,
        organisation_website=row.organisation_website,
        capacity=row.capacity,
        claims_mandate=row.mandate is not None,
        byline=row.byline,
    )
    return Profile(row.id, row.email, form, row.organisation_id, row.mandate, row.created, row.consented)
