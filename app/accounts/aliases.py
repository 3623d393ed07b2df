"""Organisations that go by several names: which are one, as the organisers of a consultation say.

Nothing that was signed changes: what is listed and counted there takes them as one, and each endorses a text once.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.accounts.models import OrganisationAlias
from app.language import gettext as _
from app.permissions import Actor, Thing, require


async def merge(
    session: AsyncSession, actor: Actor, consultation: UUID, alias: tuple[UUID, str], into: tuple[UUID, str]
) -> None:
    """Take one organisation for another name of a second. Both are public here, with these names: see who calls.

    Raises Unauthenticated, Forbidden, Invalid where both are the same already.
    """
    require(actor, "organisation.merge", Thing(consultation))
    (alias_id, alias_name), (id, name) = alias, into
    mine = OrganisationAlias.consultation_id == consultation
    known = (await session.scalars(select(OrganisationAlias).where(mine, OrganisationAlias.alias_id == id))).first()
    if known is not None:  # what it is a name of, rather than that name
        id, name = known.organisation_id, known.organisation_name
    if id == alias_id:
        raise errors.Invalid({"into": _("These are one organisation already. Please choose two.")})
    values = {"organisation_id": id, "organisation_name": name, "merged": clock.now(), "merged_by": actor.person}
    await session.execute(
        update(OrganisationAlias).where(mine, OrganisationAlias.organisation_id == alias_id).values(values)
    )
    row = {"consultation_id": consultation, "alias_id": alias_id, "alias_name": alias_name, **values}
    insert = upsert(OrganisationAlias).values(row)
    await session.execute(insert.on_conflict_do_update(index_elements=["consultation_id", "alias_id"], set_=values))
    await record.append(session, consultation, "consultation.updated", consultation, changed=["organisations"])


async def take_apart(session: AsyncSession, actor: Actor, consultation: UUID, alias: UUID) -> None:
    """Take a name for an organisation of its own again. Raises Unauthenticated, Forbidden, NotFound."""
    require(actor, "organisation.merge", Thing(consultation))
    mine = (OrganisationAlias.consultation_id == consultation, OrganisationAlias.alias_id == alias)
    gone = delete(OrganisationAlias).where(*mine).returning(OrganisationAlias.alias_id)
    if await session.scalar(gone) is None:
        raise errors.NotFound(_("This is an organisation of its own already."))
    await record.append(session, consultation, "consultation.updated", consultation, changed=["organisations"])


async def same_as(session: AsyncSession, consultation: UUID, organisation: UUID) -> Collection[UUID]:
    """The ids of one organisation in a consultation, under whichever of its names; this one among them."""
    mine = OrganisationAlias.consultation_id == consultation
    named = select(OrganisationAlias.organisation_id).where(mine, OrganisationAlias.alias_id == organisation)
    main = await session.scalar(named) or organisation
    others = select(OrganisationAlias.alias_id).where(mine, OrganisationAlias.organisation_id == main)
    return {main, organisation, *await session.scalars(others)}


async def forget_person(session: AsyncSession, person: UUID) -> None:
    """What somebody who leaves said stays, without their id."""
    mine = update(OrganisationAlias).where(OrganisationAlias.merged_by == person)
    await session.execute(mine.values(merged_by=None))
