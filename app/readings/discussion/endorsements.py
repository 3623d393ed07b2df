"""What somebody has endorsed, and what they may do about a contribution: for themselves only. Needs a write session."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app import clock
from app.accounts.models import OrganisationAlias, Person
from app.endorsements.models import Endorsement


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands to the support for a contribution."""

    given: bool = False
    given_for: str | None = None  # the organisation that theirs names
    speaks_for: str | None = None  # the organisation for which they have a confirmed mandate
    organisation: UUID | None = None  # its id
    is_named: bool = False  # whether that one has endorsed it, through whomever


STRANGER = Standing()


async def standing(session: AsyncSession, person: UUID, contribution: UUID) -> Standing:
    """Whether and for whom this person supports this contribution, and for whom they could."""
    its = Endorsement.contribution_id == contribution
    own = select(Endorsement.organisation_name).where(its, Endorsement.person_id == person)
    given = (await session.execute(own)).one_or_none()
    named = and_(its, _is_same_organisation())
    query = (
        select(Person.organisation_name, Person.organisation_id, Endorsement.id)
        .outerjoin(Endorsement, named)
        .where(Person.id == person, Person.mandate == "confirmed")
    )
    mandate = (await session.execute(query.limit(1))).one_or_none()
    return Standing(
        given=given is not None,
        given_for=given.organisation_name if given else None,
        speaks_for=mandate.organisation_name if mandate else None,
        organisation=mandate.organisation_id if mandate else None,
        is_named=mandate is not None and mandate.id is not None,
    )


def _is_same_organisation() -> ColumnElement[bool]:
    """Whether an endorsement and a person name the same organisation, by what organisers said here."""
    return _main_name_of(Endorsement.organisation_id) == _main_name_of(Person.organisation_id)


def _main_name_of(id: Any) -> ColumnElement[Any]:
    alias = aliased(OrganisationAlias)
    its = select(alias.organisation_id).where(
        alias.consultation_id == Endorsement.consultation_id, alias.alias_id == id
    )
    return func.coalesce(its.correlate(Endorsement, Person).scalar_subquery(), id)


async def given_by(
    session: AsyncSession, person: UUID, after: UUID | None = None, limit: int = 1_000
) -> list[dict[str, Any]]:
    """What a person has endorsed, those after the endorsement `after`, as JSON-able values."""
    columns = (Endorsement.id, Endorsement.contribution_id, Endorsement.given, Endorsement.organisation_name)
    query = select(*columns).where(Endorsement.person_id == person).order_by(Endorsement.id).limit(limit)
    return [
        {"id": str(row.id), "contribution": str(row.contribution_id), "given": clock.iso(row.given),
         "organisation": row.organisation_name}
        for row in await session.execute(query.where(Endorsement.id > after) if after else query)
    ]  # fmt: skip
