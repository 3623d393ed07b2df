"""What mails about the outcome need to say: which recommendations cite somebody, and that the report is out."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.contributions.models import Author, Contribution, Publication
from app.contributions.transcripts import is_of_others
from app.synthesis.models import Citation, Recommendation, RecommendationVersion
from app.synthesis.report_models import ReportVersion


@dataclass(frozen=True, slots=True)
class CitedIn:
    """A recommendation that rests on texts of somebody's, and the numbers of these."""

    number: int
    title: str
    numbers: list[int]
    for_others: bool  # some were said by others, who have no account, and written down by the reader


@dataclass(frozen=True, slots=True)
class ReportNews:
    """A version of the report."""

    consultation: UUID
    title: str
    version: int
    reason: str  # of an erratum


def cited_by(recommendation: UUID) -> Select[Any]:
    """Everybody whose texts the public version of a recommendation cites."""
    return (
        select(Author.person_id.label("person"))
        .select_from(Recommendation)
        .join(RecommendationVersion, _PUBLIC_VERSION)
        .join(Citation, Citation.version_id == RecommendationVersion.id)
        .join(Contribution, Contribution.id == Citation.contribution_id)
        .join(Author, Author.id == Contribution.author_id)
        .where(Recommendation.id == recommendation, Author.person_id.is_not(None))
        .distinct()
    )


async def cited_in(session: AsyncSession, consultation: UUID, person: UUID) -> list[CitedIn]:
    """The final recommendations of a consultation that cite what somebody wrote and what is public of it still."""
    query = (
        select(
            Recommendation.number, RecommendationVersion.title,
            func.array_agg(Publication.number.distinct()).label("numbers"),
            func.bool_or(is_of_others(Contribution.provenance)).label("for_others"),
        )
        .join(RecommendationVersion, _PUBLIC_VERSION)
        .join(Citation, Citation.version_id == RecommendationVersion.id)
        .join(Publication, Publication.contribution_id == Citation.contribution_id)
        .join(Contribution, Contribution.id == Citation.contribution_id)
        .join(Author, Author.id == Contribution.author_id)
        .where(Recommendation.consultation_id == consultation, Recommendation.stage == "final",
               Author.person_id == person)
        .group_by(Recommendation.number, RecommendationVersion.title)
        .order_by(Recommendation.number)
    )  # fmt: skip
    rows = await session.execute(query)
    return [CitedIn(row.number or 0, row.title, sorted(row.numbers), bool(row.for_others)) for row in rows]


async def report_news(session: AsyncSession, version: UUID) -> ReportNews | None:
    """A published version of the report; None where there is no such one, or a newer."""
    newer = aliased(ReportVersion)
    superseded = select(newer.id).where(
        newer.consultation_id == ReportVersion.consultation_id, newer.version > ReportVersion.version,
        newer.seq.is_not(None),
    )  # fmt: skip
    query = select(
        ReportVersion.consultation_id, ReportVersion.title, ReportVersion.version, ReportVersion.reason
    ).where(ReportVersion.id == version, ReportVersion.seq.is_not(None), ~superseded.exists())
    row = (await session.execute(query)).one_or_none()
    return ReportNews(row.consultation_id, row.title, row.version, row.reason) if row is not None else None


_PUBLIC_VERSION = and_(
    RecommendationVersion.recommendation_id == Recommendation.id,
    RecommendationVersion.version == Recommendation.version,
)
