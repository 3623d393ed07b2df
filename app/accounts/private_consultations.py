"""Consultations that only their members see: while they are prepared, or for good."""

from typing import Literal
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import PrivateConsultation

Why = Literal["preparing", "invited"]


async def make_private(session: AsyncSession, consultation: UUID, why: Why, by: UUID | None) -> None:
    """From here on only members see it: while it is `preparing`, or because it is for who is `invited`."""
    row = await session.get(PrivateConsultation, consultation) or PrivateConsultation(consultation_id=consultation)
    row.why, row.by = why, by
    session.add(row)
    await session.flush()


async def make_public(session: AsyncSession, consultation: UUID) -> None:
    """From here on everybody sees it. A part of announcing it."""
    await session.execute(delete(PrivateConsultation).where(PrivateConsultation.consultation_id == consultation))


async def why_private(session: AsyncSession, consultation: UUID) -> str | None:
    """`preparing` or `invited`; None for what everybody sees."""
    query = select(PrivateConsultation.why).where(PrivateConsultation.consultation_id == consultation)
    return await session.scalar(query)


async def all_of_them(session: AsyncSession) -> set[UUID]:
    """The private consultations of this service: for operators, who may see all."""
    return set(await session.scalars(select(PrivateConsultation.consultation_id)))
