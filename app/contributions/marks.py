"""What moderators put before others: pinned to the top of its topic, or featured on the consultation's page."""

from typing import Literal
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.consultations.floor import Floor
from app.contributions import publishing
from app.contributions.models import Contribution, Mark
from app.language import gettext as _

MarkKind = Literal["pinned", "featured"]


async def mark(session: AsyncSession, contribution: Contribution, floor: Floor, kind: MarkKind, decision: UUID) -> None:
    """Set a mark. Appends `contribution.updated`. Raises Conflict where it is set already."""
    row = {
        "contribution_id": contribution.id, "kind": kind, "consultation_id": contribution.consultation_id,
        "topic_id": contribution.topic_id, "since": clock.now(),
    }  # fmt: skip
    made = upsert(Mark).values(row).on_conflict_do_nothing().returning(Mark.kind)
    if await session.scalar(made) is None:
        raise errors.Conflict(_("Contribution %(number)s is %(kind)s already.", number=contribution.number, kind=kind))
    await _tell(session, contribution, floor, kind, decision)


async def unmark(
    session: AsyncSession, contribution: Contribution, floor: Floor, kind: MarkKind, decision: UUID
) -> None:  # fmt: skip
    """Take a mark away. Appends `contribution.updated`. Raises Conflict where there is none."""
    gone = delete(Mark).where(Mark.contribution_id == contribution.id, Mark.kind == kind).returning(Mark.kind)
    if await session.scalar(gone) is None:
        raise errors.Conflict(_("Contribution %(number)s is not %(kind)s.", number=contribution.number, kind=kind))
    await _tell(session, contribution, floor, kind, decision)


async def _tell(session: AsyncSession, contribution: Contribution, floor: Floor, kind: str, decision: UUID) -> None:
    await publishing.update_public(
        session, contribution, floor, "contribution.updated", changed=[kind], decision=decision
    )
