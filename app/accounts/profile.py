"""A person's profile as they see it, and the organisation they name, found or made."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import clock, errors
from app.accounts.models import Organisation, Person
from app.accounts.profile_form import ProfileForm, organisation_key
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
        Person.mandate, Person.created, Person.consented, Person.organisation_id,
        Organisation.name.label("organisation"), Organisation.kind, Organisation.country, Organisation.region,
        Organisation.website,
    )  # fmt: skip
    query = (
        select(*columns)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id == person, Person.erased.is_(None))
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise errors.NotFound("There is no such person.")
    form = ProfileForm(
        name=row.name or "",
        language=row.language,
        time_zone=row.time_zone,
        organisation=row.organisation,
        organisation_kind=row.kind,
        organisation_country=row.country,
        organisation_region=row.region,
        organisation_website=row.website,
        capacity=row.capacity,
        claims_mandate=row.mandate is not None,
        byline=row.byline,
    )
    return Profile(row.id, row.email, form, row.organisation_id, row.mandate, row.created, row.consented)


async def organisation_known(session: AsyncSession, name: str | None) -> bool:
    """Whether an organisation of this name, in whatever capitals, has been named before."""
    key = organisation_key(name or "")
    return bool(key and await session.scalar(select(exists().where(Organisation.key == key))))


async def settle_organisation(session: AsyncSession, person: Person, form: ProfileForm) -> UUID | None:
    """The organisation that a checked form names, made where there is none; None where it names none.

    One that others belong to keeps its details, and so does one whose mandate was confirmed; otherwise its only
    member may correct them.
    """
    if not form.organisation:
        return None
    details = {
        "kind": form.organisation_kind,
        "country": form.organisation_country,
        "region": form.organisation_region,
        "website": form.organisation_website,
    }
    key = organisation_key(form.organisation)
    found = await session.scalar(select(Organisation.id).where(Organisation.key == key))
    if found is None:
        row = {"id": clock.new_id(), "name": form.organisation, "key": key, "created": clock.now(), **details}
        await session.execute(
            upsert(Organisation).values(row).on_conflict_do_nothing(index_elements=[Organisation.key])
        )
        return await session.scalar(select(Organisation.id).where(Organisation.key == key))
    if person.mandate != "confirmed" and form.organisation_kind:
        others = exists().where(Person.organisation_id == found, Person.id != person.id)
        named = {"name": form.organisation, **details}
        await session.execute(update(Organisation).where(Organisation.id == found, ~others).values(named))
    return found


async def forget_organisation(session: AsyncSession, organisation: UUID | None) -> None:
    """Delete an organisation that nobody belongs to any more: its name may tell who did. Texts hold copies of it."""
    members = exists().where(Person.organisation_id == organisation)
    await session.execute(delete(Organisation).where(Organisation.id == organisation, ~members))
