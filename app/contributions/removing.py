"""A consultation's texts, deleted for good. Only the sample ever goes like this: see consultations/removing.py."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions.attachment_models import Attachment
from app.contributions.models import (
    Author,
    Contribution,
    Deposit,
    Draft,
    Mark,
    Publication,
    Revision,
    ThreadLock,
)
from app.contributions.screening_models import Fingerprint, Screening
from app.contributions.translation_models import Translation


async def remove_contributions(session: AsyncSession, consultation: UUID) -> None:
    """Delete every row about contributions to this consultation."""
    its = select(Contribution.id).where(Contribution.consultation_id == consultation)
    await session.execute(delete(Screening).where(Screening.contribution_id.in_(its)))
    await session.execute(delete(Fingerprint).where(Fingerprint.consultation_id == consultation))
    await session.execute(delete(Attachment).where(Attachment.contribution_id.in_(its)))
    await session.execute(delete(Revision).where(Revision.contribution_id.in_(its)))
    for table in (Translation, Publication, Draft, Deposit, Mark, ThreadLock, Contribution, Author):
        await session.execute(delete(table).where(table.consultation_id == consultation))
