"""What a report follows: the topics of a consultation and their guiding questions, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.consultations.models import Consultation, GuidingQuestion, Topic
from app.language import gettext as _


@dataclass(frozen=True, slots=True)
class Outline:
    """The slug of a consultation, its languages, the slugs of its topics, and its questions as the public writes them:
    `inclusion.a`."""

    slug: str
    languages: Sequence[str]
    topics: Sequence[str]
    questions: Sequence[str]


async def outline(session: AsyncSession, consultation: UUID) -> Outline:
    """The outline of a consultation. Raises NotFound."""
    named = select(Consultation.slug, Consultation.languages).where(Consultation.id == consultation)
    its = (await session.execute(named)).one_or_none()
    if its is None:
        raise errors.NotFound(_("There is no such consultation."))
    query = (
        select(Topic.slug, GuidingQuestion.key)
        .outerjoin(GuidingQuestion, GuidingQuestion.topic_id == Topic.id)
        .where(Topic.consultation_id == consultation)
        .order_by(Topic.position, GuidingQuestion.position)
    )
    rows = (await session.execute(query)).all()
    topics = list(dict.fromkeys(row.slug for row in rows))
    return Outline(its.slug, its.languages, topics, [f"{row.slug}.{row.key}" for row in rows if row.key is not None])
