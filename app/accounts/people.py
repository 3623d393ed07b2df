"""People by their mail address: the address checked, the person found, or registered."""

import re
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import clock, errors, record
from app.accounts.countries import REGION_OF
from app.accounts.models import Person
from app.language import DEFAULT, meant
from app.language import gettext as _
from app.language import gettext_noop as N_

EMAIL_LIMIT = 254
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(localhost|([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9])")
_NO_ADDRESS = N_("This is not a mail address. Please write it as in name@example.org.")


def email_address(value: str) -> str:
    """A mail address as it is stored: lower case, an international domain in its ASCII form. Raises Invalid."""
    local, at, domain = value[: 2 * EMAIL_LIMIT].strip().lower().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode() if domain else ""
    except UnicodeError:
        ascii_domain = ""
    fits = len(value) <= 2 * EMAIL_LIMIT and len(local) <= 64 and len(local) + len(ascii_domain) < EMAIL_LIMIT
    if not (at and fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain)):
        raise errors.Invalid({"email": _(_NO_ADDRESS)})
    return f"{local}@{ascii_domain}"


def interface_language(value: str | None) -> str:
    """One of the six languages of the interface: the one meant by this tag, or English."""
    return meant(value) or DEFAULT


async def find_person(session: AsyncSession | AsyncConnection, email: str) -> UUID | None:
    """The person with this address, or None. Raises Invalid for what is no address."""
    return await session.scalar(select(Person.id).where(Person.email == email_address(email)))


async def name_of(session: AsyncSession | AsyncConnection, person: UUID) -> str | None:
    """The name a person gave; None before that, and once the account is erased."""
    return await session.scalar(select(Person.name).where(Person.id == person))


async def name_to_sign(session: AsyncSession, person: UUID) -> str | None:
    """As `name_of`, for what is kept: they cannot leave before the transaction ends, and take it along then."""
    name = select(Person.name).where(Person.id == person)
    return await session.scalar(name.with_for_update(read=True, key_share=True))


async def require_here(session: AsyncSession, person: UUID) -> None:
    """Raises NotFound for who has left. Who has not cannot before the transaction ends, and takes it along then."""
    here = select(Person.id).where(Person.id == person, Person.erased.is_(None))
    if await session.scalar(here.with_for_update(read=True, key_share=True)) is None:
        raise errors.NotFound(_("There is no such person."))


async def hold(session: AsyncSession, person: UUID) -> None:
    """Lock somebody who leaves, until the transaction ends: who writes in their name is done before, or finds none."""
    await session.execute(select(Person.id).where(Person.id == person).with_for_update())


async def address_of(session: AsyncSession | AsyncConnection, person: UUID) -> str | None:
    """A person's mail address; None once the account is erased."""
    return await session.scalar(select(Person.email).where(Person.id == person))


async def erased_among(session: AsyncSession, people: Collection[UUID]) -> set[UUID]:
    """Those of these people whose accounts were erased."""
    return set(await session.scalars(select(Person.id).where(Person.id.in_(people), Person.erased.is_not(None))))


async def find_or_register(session: AsyncSession, email: str, language: str | None = None) -> tuple[UUID, bool]:
    """The person with this address, made where there is none, and whether they are new. Raises Invalid.

    Two that register the same address at once get the same person.
    """
    address = email_address(email)
    row = {"id": clock.new_id(), "email": address, "language": interface_language(language), "created": clock.now()}
    insert = upsert(Person).values(row).on_conflict_do_nothing(index_elements=[Person.email]).returning(Person.id)
    made = await session.scalar(insert)
    if made is None:
        found = await session.scalar(select(Person.id).where(Person.email == address))
        assert found is not None  # its insert conflicted
        return found, False
    await record.append(session, None, "person.registered", made, person=made)
    return made, True


async def background_of(session: AsyncSession, person: UUID) -> tuple[str | None, str | None]:
    """The kind and the region of the organisation that a person names, as they say now; None for none."""
    columns = (Person.organisation_kind, Person.organisation_region, Person.organisation_country)
    kind, region, country = (await session.execute(select(*columns).where(Person.id == person))).one()
    return kind, region or REGION_OF.get(country or "")
