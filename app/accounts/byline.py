"""Who a person speaks as, at this moment: what is copied onto a revision when it is written."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import errors
from app.accounts.models import Person
from app.accounts.vocabulary import CAPACITIES
from app.database.prepared import Prepared
from app.language import gettext as _


@dataclass(frozen=True, slots=True)
class Signature:
    """A person's name and, where they write on behalf of an organisation, that organisation and the mandate."""

    author_name: str
    capacity: str
    organisation_id: UUID | None = None
    organisation_name: str | None = None
    organisation_kind: str | None = None
    organisation_country: str | None = None
    organisation_region: str | None = None
    mandate: str | None = None
    byline: str | None = None  # the one chosen last


async def signature_of(
    session: AsyncSession | AsyncConnection, person_id: UUID, capacity: str | None = None
) -> Signature:
    """The person's signature in this capacity, or in the one of their profile where None is given.

    In a personal capacity it names no organisation. Writing on behalf of one is itself the claim of a mandate. Raises
    Invalid where the person has no organisation to write for, NotFound where there is no such person (any more). Until
    the transaction ends they cannot leave: who leaves finds what is signed here.
    """
    row = await _HELD_SIGNATURE.row(session, person=person_id)
    if row is None or row["name"] is None:
        raise errors.NotFound(_("There is no such person."))
    wanted = capacity or row["capacity"]
    if wanted not in CAPACITIES:
        raise errors.Invalid({"capacity": _("The capacity is one of %(choice)s.", choice=", ".join(CAPACITIES))})
    if wanted == "personal":
        return Signature(row["name"], wanted, byline=row["byline"])
    if row["organisation_id"] is None:
        raise errors.Invalid(
            {"capacity": _("Your profile names no organisation: add it there, or write in a personal capacity.")}
        )
    return Signature(
        author_name=row["name"],
        capacity=wanted,
        organisation_id=row["organisation_id"],
        organisation_name=row["organisation_name"],
        organisation_kind=row["organisation_kind"],
        organisation_country=row["organisation_country"],
        organisation_region=row["organisation_region"],
        mandate=row["mandate"] or "claimed",
        byline=row["byline"],
    )


_SIGNATURE = select(
    Person.name, Person.capacity, Person.mandate, Person.byline, Person.organisation_id, Person.organisation_name,
    Person.organisation_kind, Person.organisation_country, Person.organisation_region,
).where(Person.id == bindparam("person", type_=Uuid()), Person.erased.is_(None))  # fmt: skip
_HELD_SIGNATURE = Prepared(_SIGNATURE.with_for_update(read=True, key_share=True))
_CAPACITY = Prepared(_SIGNATURE)


async def speaks_for_one(session: AsyncSession | AsyncConnection, person_id: UUID) -> bool:
    """Whether a person writes on behalf of an organisation, as their profile has it now."""
    row = await _CAPACITY.row(session, person=person_id)
    return row is not None and row["capacity"] == "organisation" and row["organisation_id"] is not None


async def keep_byline(session: AsyncSession, person_id: UUID, byline: str) -> None:
    """Remember the byline that a person chose last: what they write next is signed so, unless they say otherwise."""
    await session.execute(
        update(Person).where(Person.id == person_id, Person.byline.is_distinct_from(byline)).values(byline=byline)
    )
