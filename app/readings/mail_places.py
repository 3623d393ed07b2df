"""Where mail that came in belongs: what it answers, the topic it is for, the text that is to be changed.

Needs a write session: whether its sender may see the place is for the caller to ask.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Person
from app.consultations.models import Consultation, GuidingQuestion, Topic
from app.contributions.models import Author, Contribution, Revision

_MOST = 20  # consultations in which somebody has a text of the same number


@dataclass(frozen=True, slots=True)
class Place:
    """A topic, and what is answered there, None for a new contribution."""

    consultation: UUID
    slug: str
    languages: Sequence[str]
    topic: UUID
    topic_slug: str
    details: Any
    parent: UUID | None = None
    parent_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """A text of one's own, as commands name it."""

    id: UUID
    consultation: UUID
    slug: str
    number: int | None  # none before it is public
    latest: int
    byline: str
    title: str | None
    body: str


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, as far as mail needs to know it."""

    id: UUID
    email: str
    name: str | None
    language: str
    byline: str | None  # the one chosen last
    organisation: str | None


async def answered(session: AsyncSession, contribution: UUID) -> Place | None:
    """Where a contribution stands, in whatever state it is; None where there is no such."""
    query = _PLACE.add_columns(Contribution.id, Contribution.kind)
    query = query.join(Contribution, Contribution.topic_id == Topic.id).where(Contribution.id == contribution)
    row = (await session.execute(query)).one_or_none()
    return Place(*row) if row else None


async def topic_of(session: AsyncSession, consultation: str, topic: str) -> Place | None:
    """The topic with these names; None where there is none."""
    query = _PLACE.where(Consultation.slug == consultation, Topic.slug == topic)
    row = (await session.execute(query)).one_or_none()
    return Place(*row) if row else None


async def own(session: AsyncSession, person: UUID, number: int, slug: str | None = None) -> Sequence[Own]:
    """The texts of a person with this number, in this consultation or wherever they wrote."""
    if not 0 < number < 2**31:
        return []
    query = _OWN.where(Author.person_id == person, Contribution.number == number).limit(_MOST)
    query = query.where(Consultation.slug == slug) if slug else query
    return [Own(*row) for row in await session.execute(query)]


async def own_text(session: AsyncSession, person: UUID, contribution: UUID) -> Own | None:
    """This text, if it is the person's."""
    query = _OWN.where(Author.person_id == person, Contribution.id == contribution)
    row = (await session.execute(query)).one_or_none()
    return Own(*row) if row else None


async def writer(session: AsyncSession, *, person: UUID | None = None, email: str | None = None) -> Writer | None:
    """The account, by its person or by its address; None where there is none (any more)."""
    columns = (Person.id, Person.email, Person.name, Person.language, Person.byline, Person.organisation_name)
    which = Person.id == person if person else Person.email == email
    query = select(*columns).where(which, Person.erased.is_(None), Person.email.is_not(None))
    row: Any = (await session.execute(query)).one_or_none()
    return Writer(*row) if row else None


async def questions_of(session: AsyncSession, place: Place, language: str) -> list[tuple[str, str, str]]:
    """The guiding questions of a topic: key as the public writes it, label, and text in this language."""
    query = select(GuidingQuestion.key, GuidingQuestion.text).where(GuidingQuestion.topic_id == place.topic)
    said = place.details.get("translations", {}).get(language) or {}
    return [
        (f"{place.topic_slug}.{key}", key, said.get(f"topics.{place.topic_slug}.{key}", text))
        for key, text in await session.execute(query.order_by(GuidingQuestion.position))
    ]


_PLACE = select(
    Consultation.id, Consultation.slug, Consultation.languages, Topic.id.label("topic"), Topic.slug.label("topic_slug"),
    Consultation.details,
).join(Topic, Topic.consultation_id == Consultation.id)  # fmt: skip
_OWN = (
    select(
        Contribution.id, Contribution.consultation_id, Consultation.slug, Contribution.number, Contribution.latest,
        Revision.byline, Revision.title, func.coalesce(Revision.body, ""),
    )
    .join(Author, Author.id == Contribution.author_id)
    .join(Consultation, Consultation.id == Contribution.consultation_id)
    .join(Revision, (Revision.contribution_id == Contribution.id) & (Revision.number == Contribution.latest))
)  # fmt: skip
