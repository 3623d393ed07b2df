"""What rapporteurs work on: drafts of recommendations, what these cite, and cited texts that changed. Needs a write
session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.consultations.models import Topic
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.readings.outcome.citations import CitationView, Support, citations, support
from app.synthesis.checklist import missing
from app.synthesis.models import Recommendation, RecommendationVersion


@dataclass(frozen=True, slots=True)
class WorkView:
    """A version of a recommendation as rapporteurs see it: a draft, or what is public."""

    id: UUID  # of the recommendation
    number: int | None
    public: str  # the stage that is public: draft where none is
    topic: str
    version: int
    stage: str
    title: str
    statement: str
    html: str
    language: str
    addressee_name: str
    addressee_kind: str
    created: datetime
    missing: Sequence[str]  # what has to be said before it can be public
    cited: Sequence[CitationView]

    @property
    def changed(self) -> list[CitationView]:
        """Citations of texts that were revised since, or are no longer public."""
        return [each for each in self.cited if each.state != "current"]

    @property
    def gone(self) -> list[CitationView]:
        """Citations of what is no longer public."""
        return [each for each in self.cited if not each.is_public]

    @property
    def revised(self) -> list[CitationView]:
        """Citations of what was revised since."""
        return [each for each in self.cited if each.state == "revised"]

    @property
    def support(self) -> Support:
        """Of what it rests on."""
        return support(self.cited, "support")

    def json(self, prefix: str) -> dict[str, Any]:
        """As the API gives it; `prefix` is the address up to the number of a contribution."""
        return {
            "id": str(self.id), "number": self.number, "version": self.version, "topic": self.topic,
            "title": self.title, "statement": self.statement, "language": self.language,
            "addressee": {"name": self.addressee_name, "kind": self.addressee_kind}, "missing": list(self.missing),
            "citations": [each.json(prefix) for each in self.cited], "public": self.public,
        }  # fmt: skip

    @property
    def is_ready(self) -> bool:
        """Whether nothing hinders its publication, but for what was revised and has to be looked at."""
        return not self.missing and not self.gone and any(each.stance == "support" for each in self.cited)


async def work(session: AsyncSession, actor: Actor, consultation: UUID) -> tuple[list[WorkView], list[WorkView]]:
    """The drafts, newest first, and what is public, by number. Raises Unauthenticated, Forbidden."""
    require(actor, "outcome.read", Thing(consultation))
    rows = (await session.execute(_SELECT.where(Recommendation.consultation_id == consultation))).all()
    views = await _views(session, rows)
    drafts = [each for each in views if each.stage == "draft"]
    return drafts[::-1], sorted((each for each in views if each.stage != "draft"), key=lambda each: each.number or 0)


async def draft(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> WorkView:
    """The draft of this recommendation. Raises Unauthenticated, Forbidden, NotFound."""
    require(actor, "outcome.read", Thing(consultation))
    query = _SELECT.where(
        Recommendation.consultation_id == consultation, Recommendation.id == id, RecommendationVersion.seq.is_(None)
    )
    views = await _views(session, (await session.execute(query)).all())
    if not views:
        raise errors.NotFound(_("There is no such draft."))
    return views[0]


async def numbered(session: AsyncSession, actor: Actor, consultation: UUID, number: int) -> UUID:
    """The id of the recommendation with this number. Raises Unauthenticated, Forbidden, NotFound."""
    require(actor, "outcome.read", Thing(consultation))
    query = select(Recommendation.id).where(
        Recommendation.consultation_id == consultation, Recommendation.number == number
    )
    found: UUID | None = await session.scalar(query)
    if found is None:
        raise errors.NotFound(_("There is no such recommendation."))
    return found


async def number_of(session: AsyncSession, id: UUID) -> int:
    """The number of a recommendation that is public."""
    return (await session.scalars(select(Recommendation.number).where(Recommendation.id == id))).one() or 0


async def citable(session: AsyncSession, actor: Actor, consultation: UUID) -> list[tuple[UUID, int | None, str]]:
    """The drafts that a text can be cited in, newest first: id, number and title. Raises Forbidden."""
    require(actor, "outcome.read", Thing(consultation))
    query = (
        select(Recommendation.id, Recommendation.number, RecommendationVersion.title)
        .join(RecommendationVersion, RecommendationVersion.recommendation_id == Recommendation.id)
        .where(Recommendation.consultation_id == consultation, RecommendationVersion.seq.is_(None))
        .order_by(RecommendationVersion.id.desc())
    )
    return [(row.id, row.number, row.title) for row in await session.execute(query)]


_SELECT: Select[*tuple[Any, ...]] = (
    select(RecommendationVersion, Recommendation.number, Recommendation.stage, Topic.slug)
    .join(Recommendation, Recommendation.id == RecommendationVersion.recommendation_id)
    .join(Topic, Topic.id == Recommendation.topic_id)
    .where(RecommendationVersion.seq.is_(None) | (RecommendationVersion.version == Recommendation.version))
    .order_by(RecommendationVersion.id)
)


async def _views(session: AsyncSession, rows: Sequence[Any]) -> list[WorkView]:
    cited = await citations(session, [row[0].id for row in rows])
    return [
        WorkView(
            version.recommendation_id, number, public, topic, version.version, version.stage, version.title,
            version.statement, version.html, version.language, version.addressee_name, version.addressee_kind,
            version.created, list(missing(version).values()), cited[version.id],
        )
        for version, number, public, topic in rows
    ]  # fmt: skip
