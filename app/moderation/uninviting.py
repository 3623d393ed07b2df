"""What goes of invitations: words with the text they are about or with their sender's account, rows with their reader.

A letter may quote the text that it is about. Of a sender who leaves the words are destroyed too, though readers keep
the mail they got: that a letter came, in which role, and to how many, stays.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.moderation.models import Invitation, Invited, Refusal


async def forget_texts(session: AsyncSession, contributions: Collection[UUID]) -> None:
    """Destroy letters about these contributions, and who received them."""
    its = select(Invitation.id).where(Invitation.contribution_id.in_(contributions))
    await session.execute(delete(Invited).where(Invited.invitation_id.in_(its)))
    await _forget(session, Invitation.contribution_id.in_(contributions))


async def forget_revisions(session: AsyncSession, revisions: Collection[UUID]) -> None:
    """Destroy the words of letters that were written about these versions of texts."""
    await _forget(session, Invitation.revision_id.in_(revisions))


async def forget_people(session: AsyncSession, people: Collection[UUID]) -> None:
    """Delete what these people received and refused, and destroy what they wrote.

    Take the turn first (`inviting.py`), where others may write meanwhile.
    """
    for table in (Invited, Refusal):
        await session.execute(delete(table).where(table.person_id.in_(people)))
    theirs = update(Invitation).where(Invitation.sent_by.in_(people))
    await session.execute(theirs.values(subject=None, words=None, sent_by=None))


async def remove_invitations(session: AsyncSession, consultation: UUID) -> None:
    """Delete all invitations of a consultation that goes, and the refusals of them."""
    its = select(Invitation.id).where(Invitation.consultation_id == consultation)
    await session.execute(delete(Invited).where(Invited.invitation_id.in_(its)))
    for table in (Invitation, Refusal):
        await session.execute(delete(table).where(table.consultation_id == consultation))


async def _forget(session: AsyncSession, which: ColumnElement[bool]) -> None:
    await session.execute(update(Invitation).where(which).values(subject=None, words=None))
