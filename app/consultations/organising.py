"""What acts of organisers have in common: who did it, why it was taken back, and the entry that says so."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record, text
from app.consultations.act_models import OrganisersAct
from app.language import gettext as _
from app.language import number
from app.permissions import Actor
from app.record import commitments

REASON_LIMIT = 1_000
FIRST_YEAR, LAST_YEAR = 2000, 2199  # of a date that is announced


@dataclass(frozen=True, slots=True)
class Ground:
    """Why something was taken back, for everyone to read, with what the record commits to."""

    reason: str
    salt: bytes
    hash: bytes


async def enter(
    session: AsyncSession, actor: Actor, consultation: UUID, kind: str, subject: UUID, **payload: Any
) -> int:  # fmt: skip
    """Keep who did it, then append the entry. Returns its number."""
    session.add(
        OrganisersAct(
            id=clock.new_id(), consultation_id=consultation, act=kind, subject=subject, person_id=actor.person,
            time=clock.now(),
        )
    )  # fmt: skip
    await session.flush()
    return await record.append(session, consultation, kind, subject, **payload)


def ground(reason: str) -> Ground:
    """The reason, checked. Raises Invalid."""
    try:
        clean = text.paragraphs(reason)
    except ValueError as fault:
        raise errors.Invalid({"reason": _("This %(fault)s.", fault=fault)}) from None
    if not clean or len(clean) > REASON_LIMIT:
        most = number(REASON_LIMIT)
        raise errors.Invalid(
            {"reason": _("Please say why, in at most %(most)s characters: everyone can read it.", most=most)}
        )
    salt = commitments.fresh_salt()
    return Ground(clean, salt, commitments.commitment(salt, {"reason": clean}))


async def forget_person(session: AsyncSession, person: UUID) -> None:
    """Cut the ties of somebody who leaves: what they did as an organiser stays, and not that it was they."""
    mine = update(OrganisersAct).where(OrganisersAct.person_id == person)
    await session.execute(mine.values(person_id=None).execution_options(synchronize_session=False))


async def acts_of(session: AsyncSession, person: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """What somebody did as an organiser, for them to download, as JSON-able values."""
    query = select(OrganisersAct).where(OrganisersAct.person_id == person).order_by(OrganisersAct.id).limit(limit)
    rows = await session.scalars(query.where(OrganisersAct.id > after) if after else query)
    return [
        {"id": str(row.id), "consultation": str(row.consultation_id), "act": row.act, "subject": str(row.subject),
         "time": clock.iso(row.time)}
        for row in rows
    ]  # fmt: skip
