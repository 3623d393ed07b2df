"""Facilitators' notes, and the outcome, cite contributions by number: in them `#42` is a link to contribution 42, where
there is one."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import text
from app.consultations.floor import floor_of
from app.contributions.models import Contribution


async def html_of(session: AsyncSession, contribution: Contribution, body: str) -> str:
    """The HTML of a text as it is stored: with links to what it cites in a note, the text alone in all else."""
    if contribution.kind != "note":
        return text.markdown(body)
    floor = await floor_of(session, topic=contribution.topic_id)
    return await html_with_links(session, contribution.consultation_id, floor.slug, body)


async def html_with_links(session: AsyncSession, consultation: UUID, slug: str, body: str) -> str:
    """The HTML of a text that cites contributions of this consultation."""
    return text.markdown(body, f"/c/{slug}", await _existing(session, consultation, body))


async def _existing(session: AsyncSession, consultation: UUID, body: str) -> set[int]:
    named = text.numbers_in(body)
    query = select(Contribution.number).where(Contribution.consultation_id == consultation)
    found = await session.scalars(query.where(Contribution.number.in_(named))) if named else ()
    return {number for number in found if number is not None}
