"""Erasure, for every surface: a text goes, and with it what moderators wrote about it, which may well quote it.

Of a decision its act, its rule and its hash stay, as in the record; reason, note and salt are destroyed. What an
organiser gives as the reason for erasing is about that act and not about the text: it is kept, as a decision that no
public reader sees, and no log holds its words.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.contributions import erasing, leaving
from app.contributions.acting import number_of
from app.errors import Conflict
from app.meetings import erasing as meetings
from app.moderation.models import Decision
from app.permissions import Actor

_ACT = "erase"


async def erase(session: AsyncSession, actor: Actor, contribution: UUID, reason: str | None = None) -> None:
    """Destroy all texts of a contribution for good. Raises Invalid where another than its author gives no reason."""
    decision = clock.new_id()
    erased = await erasing.erase(session, actor, contribution, reason, decision)
    await _forget_grounds(session, Decision.contribution_id == contribution)
    await meetings.forget_texts(session, [contribution])
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
    await meetings.forget_texts(session, left.erased)
    await meetings.forget_person(session, person)
    return len(left.erased)


async def keep_all_anonymous(session: AsyncSession, actor: Actor, person: UUID) -> int:
    """Keep what a person who leaves published, signed by nobody; erase what never was public, and drafts.

    Returns how many texts stay. Raises Forbidden.
    """
    left = await leaving.keep_all_anonymous(session, actor, person)
    gone = or_(Decision.contribution_id.in_(left.erased), Decision.revision_id.in_(left.erased_revisions))
    await _forget_grounds(session, gone)
    await meetings.forget_texts(session, left.erased)
    await meetings.forget_person(session, person)
    return left.kept


async def _forget_grounds(session: AsyncSession, which: ColumnElement[bool]) -> None:
    forgotten = update(Decision).where(which, Decision.act != _ACT).values(reason=None, note=None, salt=None)
    await session.execute(forgotten.execution_options(synchronize_session="fetch"))
