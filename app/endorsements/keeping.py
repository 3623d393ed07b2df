"""What becomes of endorsements with the text they are for, and with the account of who gave them."""

from collections.abc import Collection
from uuid import UUID

import orjson
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions.public_row import Support
from app.endorsements.models import Endorsement

_SHOWN = (
    Endorsement.organisation_id, Endorsement.organisation_name, Endorsement.organisation_kind,
    Endorsement.organisation_country, Endorsement.organisation_region,
)  # fmt: skip


async def support_of(session: AsyncSession, contribution: UUID) -> Support:
    """How many people support a contribution, and the organisations among them: for one that becomes public again."""
    count = select(func.count()).select_from(Endorsement).where(Endorsement.contribution_id == contribution)
    return Support(int(await session.scalar(count) or 0), await organisations_of(session, contribution))


async def organisations_of(session: AsyncSession, contribution: UUID) -> bytes:
    """The organisations that support a contribution, as its public JSON has them."""
    named = (Endorsement.contribution_id == contribution, Endorsement.organisation_id.is_not(None))
    rows = await session.execute(select(*_SHOWN).where(*named).order_by(Endorsement.given, Endorsement.id))
    organisations = [
        {"id": str(id), "name": name, "kind": kind, "country": country, "region": region}
        for id, name, kind, country, region in rows
    ]
    return orjson.dumps(organisations)


async def forget_texts(session: AsyncSession, contributions: Collection[UUID]) -> None:
    """Delete the endorsements of texts that are erased."""
    if contributions:
        await session.execute(delete(Endorsement).where(Endorsement.contribution_id.in_(contributions)))


async def forget_person(session: AsyncSession, person: UUID) -> None:
    """Cut the ties of somebody who leaves: that somebody endorsed stays, and is counted; so does what was said for an
    organisation, which others with its mandate can take back."""
    mine = update(Endorsement).where(Endorsement.person_id == person).values(person_id=None)
    await session.execute(mine.execution_options(synchronize_session=False))


async def remove_endorsements(session: AsyncSession, consultation: UUID) -> None:
    """Delete every endorsement in a consultation that goes."""
    await session.execute(delete(Endorsement).where(Endorsement.consultation_id == consultation))
