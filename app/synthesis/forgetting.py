"""What goes with an account or a text that is erased, and with a consultation that is removed.

Erasing is beneath this package and does not know of it: the worker follows the record and does the rest.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.record.following import Seen
from app.synthesis.models import Citation, Recommendation, RecommendationVersion, Response, SetAside
from app.synthesis.position_models import OpinionMap, OpinionMember, Position
from app.synthesis.report_models import ReportVersion

KINDS = frozenset(("contribution.erased", "account.erased"))


async def follow(session: AsyncSession, entries: Sequence[Seen]) -> None:
    """Forget who wrote and marked, of people who left; and that a text was read and not used, of what is erased.

    Citations stay: they hold a number, and no words.
    """
    await forget_people(session, {each.subject for each in entries if each.kind == "account.erased"})
    erased = {each.subject for each in entries if each.kind == "contribution.erased"}
    await session.execute(delete(SetAside).where(SetAside.contribution_id.in_(erased)))


async def forget_people(session: AsyncSession, people: Collection[UUID]) -> None:
    """What they wrote for the consultation stays; that it was they is forgotten. Their positions go."""
    for table in (Position, OpinionMember):
        await session.execute(delete(table).where(table.person_id.in_(people)))
    for column in (RecommendationVersion.written_by, ReportVersion.written_by, SetAside.marked_by, Response.entered_by):
        theirs = update(column.class_).where(column.in_(people)).values({column: None})
        await session.execute(theirs.execution_options(synchronize_session=False))


async def remove_outcome(session: AsyncSession, consultation: UUID) -> None:
    """Delete the report and all recommendations of a consultation that goes, what people think of them, and what was
    set aside there."""
    its = select(Recommendation.id).where(Recommendation.consultation_id == consultation)
    versions = select(RecommendationVersion.id).where(RecommendationVersion.recommendation_id.in_(its))
    await session.execute(delete(Citation).where(Citation.version_id.in_(versions)))
    for table in (Response, Position):
        await session.execute(delete(table).where(table.recommendation_id.in_(its)))
    await session.execute(delete(RecommendationVersion).where(RecommendationVersion.recommendation_id.in_(its)))
    for of_it in (Recommendation, SetAside, ReportVersion, OpinionMap, OpinionMember):
        await session.execute(delete(of_it).where(of_it.consultation_id == consultation))
