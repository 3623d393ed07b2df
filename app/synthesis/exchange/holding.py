"""Holds a file while somebody looks at what it would do: one of each person in a consultation, for a day.

As with drafts, nothing that others could ever see changes, and no log has an entry of it.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, text
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.synthesis.exchange.models import HeldFile
from app.synthesis.qdpx.archive import require_size

KEPT = timedelta(days=1)
_LONGEST = 100  # characters of a name


async def hold(session: AsyncSession, actor: Actor, consultation: UUID, name: str, content: bytes) -> HeldFile:
    """Keep a file in place of an earlier one. Raises Unauthenticated, Forbidden; Invalid for one that is too large."""
    require(actor, "code.manage", Thing(consultation))
    require_size(content)
    row = {"id": clock.new_id(), "name": text.storable(name)[:_LONGEST], "content": content, "made": clock.now()}
    whose = {"consultation_id": consultation, "person_id": actor.person}
    held = insert(HeldFile).values({**row, **whose})
    # Sent twice at once, the later one counts.
    held = held.on_conflict_do_update(index_elements=list(whose), set_=row)
    found = await session.scalars(held.returning(HeldFile), execution_options={"populate_existing": True})
    return found.one()


async def held(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> HeldFile:
    """The file of this id, if the actor holds it. Raises Unauthenticated, Forbidden, NotFound."""
    require(actor, "code.manage", Thing(consultation))
    query = select(HeldFile).where(
        HeldFile.id == id, HeldFile.consultation_id == consultation, HeldFile.person_id == actor.person
    )
    found: HeldFile | None = await session.scalar(query)
    if found is None:
        raise errors.NotFound(_("This file is no longer held here. Please choose it again."))
    return found


async def drop(session: AsyncSession, actor: Actor, consultation: UUID) -> None:
    """Hold nothing of the actor's any more."""
    mine = (HeldFile.consultation_id == consultation, HeldFile.person_id == actor.person)
    await session.execute(delete(HeldFile).where(*mine))


async def forget_held(session: AsyncSession, people: Collection[UUID]) -> None:
    """Hold nothing of people who leave."""
    await session.execute(delete(HeldFile).where(HeldFile.person_id.in_(people)))


async def remove_held(session: AsyncSession, consultation: UUID) -> None:
    """Hold nothing for a consultation that goes."""
    await session.execute(delete(HeldFile).where(HeldFile.consultation_id == consultation))


async def purge_held(session: AsyncSession) -> None:
    """Forget files that nobody took in."""
    await session.execute(delete(HeldFile).where(HeldFile.made < clock.now() - KEPT))
