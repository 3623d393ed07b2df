"""What the link of an institution opens: the recommendations that it is asked about, and what it answered so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import errors
from app.consultations.models import Consultation
from app.language import reader
from app.readings.outcome.recommendations import RecommendationView, recommendations
from app.readings.spoken import title_in
from app.synthesis.answering import held

State = Literal["good", "over", "unknown"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, of whom, until when."""

    state: State
    consultation_id: UUID | None = None
    slug: str = ""
    consultation: str = ""
    institution: str = ""
    numbers: Sequence[int] = ()
    until: datetime | None = None


async def asked(session: AsyncSession, link: UUID, token: str) -> Asked:
    """What opening this link shows. It changes nothing: mail scanners open links. Needs a write session."""
    try:
        found = await held(session, link, token)
    except errors.NotFound:
        return Asked("unknown")
    if found is None:
        return Asked("over")
    row, institution = found
    consultation = (await session.scalars(select(Consultation).where(Consultation.id == row.consultation_id))).one()
    title = title_in(reader.get(), consultation.title, consultation.details)
    return Asked("good", consultation.id, consultation.slug, title, institution, row.recommendations, row.expires)


async def to_answer(connection: AsyncConnection, asked: Asked) -> list[RecommendationView]:
    """The final recommendations among those asked about, by number."""
    if asked.consultation_id is None:
        return []
    found = await recommendations(connection, asked.consultation_id)
    return [each for each in found if each.number in asked.numbers and each.stage == "final"]
