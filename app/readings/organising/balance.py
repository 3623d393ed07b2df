"""Who has registered and who takes part, for organisers, to see who is missing. Needs a write session.

An account is the service's and not a consultation's. What people say of themselves is counted whether or not they were
ever named, so it is told in fives, and of fewer than five nothing, one thing at a time; what they follow is nobody's
business and not counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.countries import REGION_OF
from app.accounts.models import Membership, Person
from app.accounts.roles import WORKING
from app.contributions.models import Author, Contribution
from app.contributions.translation_models import Translation
from app.endorsements.models import Endorsement
from app.moderation.audience import in_fives
from app.permissions import Actor, Thing, require

DIMENSIONS = ("region", "kind", "language")


@dataclass(frozen=True, slots=True)
class People:
    """So many people at least, in fives; None: fewer than five, or nobody."""

    registered: int | None
    took_part: int | None


@dataclass(frozen=True, slots=True)
class Balance:
    """All people, and by each of DIMENSIONS those of whom it is known."""

    all: People
    by: Mapping[str, Mapping[str, People]]


async def balance(session: AsyncSession, actor: Actor, consultation: UUID) -> Balance:
    """The people of a consultation, in numbers. Raises Unauthenticated, Forbidden."""
    require(actor, "balance.read", Thing(consultation))
    whole = [0, 0]
    counted: dict[str, dict[str, list[int]]] = {dimension: {} for dimension in DIMENSIONS}
    for row in await session.execute(_people(consultation)):
        region = row.organisation_region or REGION_OF.get(row.organisation_country or "")
        values = {"region": region, "kind": row.organisation_kind, "language": row.language}
        sums = [counted[name].setdefault(value, [0, 0]) for name, value in values.items() if value]
        for each in (whole, *sums):
            each[0] += row.people
            each[1] += row.people if row.took_part else 0
    return Balance(
        _told(whole), {name: {key: _told(sums) for key, sums in found.items()} for name, found in counted.items()}
    )


def _told(sums: list[int]) -> People:
    return People(in_fives(sums[0]), in_fives(sums[1]))


def _people(consultation: UUID) -> Any:
    """Those with a name and consent, by what they say of themselves and by whether they did anything here."""
    wrote = (
        exists()
        .where(Author.person_id == Person.id, Author.consultation_id == consultation)
        .where(
            or_(
                exists().where(Contribution.author_id == Author.id),
                exists().where(Translation.author_id == Author.id),
            )
        )
    )
    endorsed = exists().where(Endorsement.person_id == Person.id, Endorsement.consultation_id == consultation)
    works = exists().where(
        Membership.person_id == Person.id, Membership.consultation_id == consultation, Membership.role.in_(WORKING),
        Membership.ended.is_(None),
    )  # fmt: skip
    columns = (
        Person.organisation_region, Person.organisation_country, Person.organisation_kind, Person.language,
        or_(wrote, endorsed, works).label("took_part"),
    )  # fmt: skip
    registered = select(*columns).where(Person.consented.is_not(None), Person.erased.is_(None)).subquery()
    return select(*registered.c, func.count().label("people")).group_by(*registered.c)
