"""Who may not take part in a consultation for a while: a membership with an end."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.accounts.models import Membership
from app.language import gettext as _

ROLE = "suspended"


async def begin(session: AsyncSession, person: UUID, consultation: UUID, until: datetime, by: UUID | None) -> None:
    """Suspend a person until a moment; a suspension that lasts is replaced. Raises Conflict for who holds a role."""
    if await session.scalar(
        select(Membership.id).where(*_held(person, consultation), Membership.role != ROLE).limit(1)
    ):
        raise errors.Conflict(
            _("The author holds a role in this consultation: an organiser has to take it back first.")
        )
    await _end(session, person, consultation)
    session.add(Membership(person_id=person, consultation_id=consultation, role=ROLE, until=until, granted_by=by))
    await session.flush()


async def end(session: AsyncSession, person: UUID, consultation: UUID) -> None:
    """Let a person take part again. Raises Conflict where they may already."""
    if await suspended_until(session, person, consultation) is None:
        raise errors.Conflict(_("The author is not suspended."))
    await _end(session, person, consultation)


async def suspended_until(session: AsyncSession, person: UUID, consultation: UUID) -> datetime | None:
    """Until when a person is suspended; None for who is not."""
    lasts = (Membership.role == ROLE) & (Membership.until > clock.now())
    until: datetime | None = await session.scalar(select(Membership.until).where(*_held(person, consultation), lasts))
    return until


def _held(person: UUID, consultation: UUID) -> tuple[ColumnElement[bool], ...]:
    return Membership.person_id == person, Membership.consultation_id == consultation, Membership.ended.is_(None)


async def _end(session: AsyncSession, person: UUID, consultation: UUID) -> None:
    """Of those that have lapsed, too, the row is still open."""
    its = update(Membership).where(*_held(person, consultation), Membership.role == ROLE)
    await session.execute(its.values(ended=clock.now()))
