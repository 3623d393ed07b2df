"""Bringing together what organisations were called in public: an organiser's act, for names that texts bear here."""

from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts import aliases
from app.contributions.models import Publication, Revision
from app.contributions.public_row import NO_ORGANISATIONS
from app.language import gettext as _
from app.permissions import Actor, Thing, require


async def merge_organisations(
    session: AsyncSession, actor: Actor, consultation: UUID, alias: UUID | None, into: UUID | None
) -> None:
    """Say that one organisation is another name of a second. Raises Unauthenticated, Forbidden, Invalid."""
    require(actor, "organisation.merge", Thing(consultation))
    faults: dict[str, str] = {}
    found: list[tuple[UUID, str]] = []
    for field, id in (("alias", alias), ("into", into)):
        name = await _public_name(session, consultation, id) if id else None
        if id is None or name is None:
            faults[field] = _("Please choose an organisation that is named in public here.")
        else:
            found.append((id, name))
    if faults:
        raise errors.Invalid(faults)
    await aliases.merge(session, actor, consultation, found[0], found[1])


async def _public_name(session: AsyncSession, consultation: UUID, id: UUID) -> str | None:
    """What an organisation was called last in a public byline here, or else in an endorsement."""
    signed = (
        select(Revision.organisation_name)
        .join(Publication, Publication.contribution_id == Revision.contribution_id)
        .where(Publication.consultation_id == consultation, Revision.state == "public", Revision.organisation_id == id)
        .order_by(Publication.number.desc())
    )
    name: str | None = await session.scalar(signed.limit(1))
    if name is not None:
        return name
    endorsed = select(Publication.endorsers).where(
        Publication.consultation_id == consultation, Publication.endorsers != NO_ORGANISATIONS
    )
    for listed in await session.scalars(endorsed.order_by(Publication.number.desc())):
        for each in orjson.loads(listed):
            if each["id"] == str(id):
                return str(each["name"])
    return None
