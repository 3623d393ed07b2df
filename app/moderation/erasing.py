"""Erasure, for every surface: a text goes, and with it what moderators wrote about it, which may well quote it.

Of a decision its act, its rule and its hash stay, as in the record; reason, note and salt are destroyed. What an
organiser gives as the reason for erasing is about that act and not about the text: it is kept, as a decision that no
public reader sees, and no log holds its words.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.contributions import erasing, leaving
from app.contributions.acting import number_of
from app.errors import Conflict
from app.moderation.models import Claim, Decision
from app.permissions import Actor

_ACT = "erase"


async def erase(session: AsyncSession, actor: Actor, contribution: UUID, reason: str | None = None) -> None:
    """Destroy all texts of a contribution for good. Raises Invalid where another than its author gives no reason."""
    decision = clock.new_id()
    erased = await erasing.erase(session, actor, contribution, reason, decision)
    await _forget_grounds(session, Decision.contribution_id == contribution)
    await session.execute(delete(Claim).where(Claim.contribution_id == contribution))
    if erased.reason is not None:
        consultation = erased.contribution.consultation_id
        session.add(
            Decision(
                id=decision, consultation_id=consultation, contribution_id=contribution, act=_ACT,
                reason=erased.reason, decided_by=actor.person,
            )
        )  # fmt: skip
        await session.flush()


async def erase_revision(session: AsyncSession, actor: Actor, contribution: UUID, number: int) -> None:
    """Destroy one earlier revision for good. Raises Conflict for the newest: withdraw or erase the whole."""
    revision = await erasing.erase_revision(session, actor, contribution, number)
    if revision is not None:
        await _forget_grounds(session, Decision.revision_id == revision)


async def repeat_of_revision(session: AsyncSession, actor: Actor, contribution: UUID, revision: UUID, why: str) -> None:
    """Erase a revision again, in an older state of the database.

    There it may be the current text: then all of it goes, as nothing else is known.
    """
    try:
        await erase_revision(session, actor, contribution, await number_of(session, revision))
    except Conflict:
        await erase(session, actor, contribution, why)


async def erase_all_by(session: AsyncSession, actor: Actor, person: UUID) -> int:
    """Erase every text of a person who leaves, drafts too. Returns how many texts there were. Raises Forbidden."""
    left = await leaving.erase_all_by(session, actor, person)
    await _forget_grounds(session, Decision.contribution_id.in_(left.erased))
    await _let_go(session, person, left.erased)
    return len(left.erased)


async def keep_all_anonymous(session: AsyncSession, actor: Actor, person: UUID) -> int:
    """Keep what a person who leaves published, signed by nobody; erase what never was public, and drafts.

    Returns how many texts stay. Raises Forbidden.
    """
    left = await leaving.keep_all_anonymous(session, actor, person)
    gone = or_(Decision.contribution_id.in_(left.erased), Decision.revision_id.in_(left.erased_revisions))
    await _forget_grounds(session, gone)
    await _let_go(session, person, left.erased)
    return left.kept


async def _forget_grounds(session: AsyncSession, which: ColumnElement[bool]) -> None:
    forgotten = update(Decision).where(which, Decision.act != _ACT).values(reason=None, note=None, salt=None)
    await session.execute(forgotten.execution_options(synchronize_session="fetch"))


async def _let_go(session: AsyncSession, person: UUID, erased: Collection[UUID]) -> None:
    """Nobody has in hand what is erased, and who leaves has nothing in hand."""
    await session.execute(delete(Claim).where(or_(Claim.person_id == person, Claim.contribution_id.in_(erased))))
