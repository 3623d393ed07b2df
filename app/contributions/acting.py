"""How every act on a contribution that is there begins, and what it leaves behind where nothing public changes."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors, record
from app.consultations.floor import Floor, floor_of
from app.contributions import writing
from app.contributions.models import Contribution, Revision
from app.language import gettext as _
from app.permissions import Actor, require


async def to_act_on(session: AsyncSession, actor: Actor, act: str, id: UUID) -> tuple[Contribution, Floor, UUID | None]:
    """The contribution, locked against other writers, if the actor may do this act on it; its floor; its person."""
    contribution, owner = await writing.locked(session, id)
    thing = writing.thing_of(contribution, owner)
    writing.require_known(actor, contribution, thing)
    require(actor, act, thing)
    return contribution, await floor_of(session, topic=contribution.topic_id), owner


async def number_of(session: AsyncSession, revision: UUID) -> int:
    """The number of a revision in its contribution. Raises NotFound."""
    number = await session.scalar(select(Revision.number).where(Revision.id == revision))
    if number is None:
        raise errors.NotFound(_("There is no such revision."))
    return number


async def revision_numbered(session: AsyncSession, contribution: UUID, number: int) -> UUID | None:
    """The revision of a contribution with this number."""
    query = select(Revision.id).where(Revision.contribution_id == contribution, Revision.number == number)
    found: UUID | None = await session.scalar(query)
    return found


async def note_privately(session: AsyncSession, contribution: Contribution, kind: str, **payload: Any) -> None:
    """Tell the staff log what nobody in public can see."""
    await record.append(
        session, contribution.consultation_id, kind, contribution.id, contribution=contribution.id, **payload
    )
