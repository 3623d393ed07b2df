"""What mails about new contributions show: each as the public reads it at this moment, and where it stands.

Needs a write session. The language is the one in which somebody is spoken to, see `language.speaking`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.accounts.models import Person
from app.consultations.models import Consultation, Topic
from app.contributions.document import load
from app.contributions.models import Publication
from app.contributions.placing import parent_number
from app.readings import consultations
from app.readings.consultation_views import ConsultationView, TopicView
from app.readings.letters.hearers import may_hear
from app.readings.views import ContributionView, view


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a mail goes to."""

    person: UUID
    email: str
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Told:
    """A contribution, its consultation and topic, and what began its thread; `root_title` is empty where it has none,
    or is not public."""

    view: ContributionView
    consultation: ConsultationView
    topic: TopicView
    root_title: str
    root_number: int | None

    @property
    def path(self) -> str:
        """Its page."""
        return f"/c/{self.consultation.slug}/{self.view.number}"

    @property
    def author(self) -> str | None:
        """Who wrote it, as the byline shows it; None for nobody."""
        name, organisation = self.view.author_name, (self.view.organisation or {}).get("name")
        return f"{name} ({organisation})" if name and organisation else name or organisation


async def reader_of(session: AsyncSession, person: UUID) -> Reader | None:
    """Somebody's address and language; None once the account is erased."""
    query = select(Person.id, Person.email, Person.language, Person.time_zone).where(
        Person.id == person, Person.erased.is_(None), Person.email.is_not(None)
    )
    row = (await session.execute(query)).one_or_none()
    return Reader(row.id, row.email or "", row.language, row.time_zone) if row is not None else None


async def consultation_views(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, ConsultationView]:
    """These consultations as they are now."""
    slugs = await session.scalars(select(Consultation.slug).where(Consultation.id.in_(ids)))
    connection = await session.connection()
    found = [await consultations.consultation(connection, slug) for slug in slugs.all()]
    return {each.id: each for each in found}


async def told(session: AsyncSession, contributions: Collection[UUID]) -> list[Told]:
    """Those of these contributions that are public now, in the order of consultations, topics, threads and numbers."""
    root = aliased(Publication)
    query = (
        select(
            Publication.document, Publication.replies, Publication.endorsements, Publication.depth,
            Publication.sort_key, Publication.consultation_id, Publication.topic_id, root.document.label("root"),
        )
        .outerjoin(root, root.contribution_id == Publication.thread_id)
        .where(Publication.contribution_id.in_(contributions))
        .order_by(Publication.consultation_id, Publication.sort_key)
    )  # fmt: skip
    rows = (await session.execute(query)).all()
    where = await consultation_views(session, {row.consultation_id for row in rows})
    found = []
    for row in rows:
        began = load(row.root) if row.root else {}
        its = where[row.consultation_id]
        shown = view(row.document, row.replies, row.endorsements, parent_number(row.depth, row.sort_key))
        topic = its.topic_by_id(row.topic_id)
        found.append(Told(shown, its, topic, began.get("title") or "", began.get("number")))
    return sorted(found, key=_place)  # which keeps the order of threads within a topic


def _place(each: Told) -> tuple[str, UUID, int]:
    its = each.consultation
    return its.title, its.id, its.topics.index(each.topic)


async def title_of(session: AsyncSession, thing: UUID, person: UUID) -> str | None:
    """What a thread, topic or consultation that somebody is mailed about is called; None where it has no title, or they
    may not read it (any more)."""
    root = select(Publication.consultation_id, Publication.document).where(Publication.contribution_id == thing)
    found = (await session.execute(root)).one_or_none()
    topic = select(Topic.consultation_id).where(Topic.id == thing)
    where = found.consultation_id if found else await session.scalar(topic) or thing
    if not await session.scalar(select(may_hear(person, where))):
        return None
    its = (await consultation_views(session, [where])).get(where)
    if its is None:
        return None
    if found:
        title: str | None = load(found.document).get("title")
        return title
    return next((each.title for each in its.topics if each.id == thing), its.title)


async def kept_people(session: AsyncSession, people: Collection[UUID]) -> set[UUID]:
    """Those of these people who have an account."""
    return set(await session.scalars(select(Person.id).where(Person.id.in_(people), Person.erased.is_(None))))
