"""What is held about somebody who writes the outcome, or says what they think of it."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.synthesis.models import Recommendation, RecommendationVersion, Response, ResponseFile, SetAside
from app.synthesis.position_models import OpinionMember, Position
from app.synthesis.positions import WORDS
from app.synthesis.report_models import ReportTranslation, ReportVersion
from app.synthesis.sending_models import Sending, Telling
from app.synthesis.summary_models import SummaryVersion
from app.synthesis.summing import letter


async def written_by(session: AsyncSession, person: UUID, last: UUID | None, most: int) -> list[dict[str, Any]]:
    """Versions of recommendations that a person wrote in last, after version `last`."""
    version = RecommendationVersion
    query = (
        select(version, Recommendation.consultation_id, Recommendation.number)
        .join(Recommendation, Recommendation.id == version.recommendation_id)
        .where(version.written_by == person, *([version.id > last] if last else []))
        .order_by(version.id)
        .limit(most)
    )
    return [
        {"id": str(row.id), "consultation": str(consultation), "number": number, "version": row.version,
         "stage": row.stage, "title": row.title, "statement": row.statement, "created": clock.iso(row.created),
         "published": clock.iso(row.published)}
        for row, consultation, number in await session.execute(query)
    ]  # fmt: skip


async def reports_by(session: AsyncSession, person: UUID, last: UUID | None, most: int) -> list[dict[str, Any]]:
    """Versions of reports that a person wrote in last, after version `last`."""
    query = select(ReportVersion).where(
        ReportVersion.written_by == person, *([ReportVersion.id > last] if last else [])
    )
    return [
        {"id": str(row.id), "consultation": str(row.consultation_id), "version": row.version, "title": row.title,
         "language": row.language, "summary": row.summary, "method": row.method, "results": row.results,
         "reason": row.reason, "created": clock.iso(row.created), "published": clock.iso(row.published)}
        for row in await session.scalars(query.order_by(ReportVersion.id).limit(most))
    ]  # fmt: skip


async def report_translations_by(
    session: AsyncSession, person: UUID, last: UUID | None, most: int
) -> list[dict[str, Any]]:
    """What a person wrote last of reports in other languages, after translation `last`."""
    its = ReportTranslation
    query = (
        select(its, ReportVersion.consultation_id, ReportVersion.version)
        .join(ReportVersion, ReportVersion.id == its.version_id)
        .where(its.written_by == person, *([its.id > last] if last else []))
        .order_by(its.id)
        .limit(most)
    )
    return [
        {"id": str(row.id), "consultation": str(consultation), "version": version, "language": row.language,
         "title": row.title, "summary": row.summary, "method": row.method, "results": row.results,
         "reason": row.reason, "created": clock.iso(row.created)}
        for row, consultation, version in await session.execute(query)
    ]  # fmt: skip


async def summaries_by(session: AsyncSession, person: UUID, last: UUID | None, most: int) -> list[dict[str, Any]]:
    """Versions of summaries that a person wrote in last, after version `last`."""
    query = select(SummaryVersion).where(
        SummaryVersion.written_by == person, *([SummaryVersion.id > last] if last else [])
    )
    return [
        {"id": str(row.id), "consultation": str(row.consultation_id), "version": row.version, "kind": row.kind,
         "title": row.title, "language": row.language, "body": row.body, "speech": row.speech, "reason": row.reason,
         "created": clock.iso(row.created), "published": clock.iso(row.published)}
        for row in await session.scalars(query.order_by(SummaryVersion.id).limit(most))
    ]  # fmt: skip


async def marked_by(session: AsyncSession, person: UUID, last: UUID | None, most: int) -> list[dict[str, Any]]:
    """Contributions that a person marked as read and not used, after contribution `last`."""
    query = select(SetAside).where(SetAside.marked_by == person, *([SetAside.contribution_id > last] if last else []))
    rows = await session.scalars(query.order_by(SetAside.contribution_id).limit(most))
    return [
        {"id": str(row.contribution_id), "consultation": str(row.consultation_id), "reason": row.reason,
         "marked": clock.iso(row.marked)}
        for row in rows
    ]  # fmt: skip


async def entered_by(session: AsyncSession, person: UUID, last: UUID | None, most: int) -> list[dict[str, Any]]:
    """Answers of addressees that a person entered, after answer `last`."""
    query = select(Response, ResponseFile.id).outerjoin(ResponseFile, ResponseFile.response_id == Response.id)
    query = query.where(Response.entered_by == person, *([Response.id > last] if last else []))
    rows = await session.execute(query.order_by(Response.id).limit(most))
    return [
        {"id": str(row.id), "recommendation": str(row.recommendation_id), "answer": row.answer, "reasons": row.words,
         "received": row.received.isoformat(), "document": row.document, "file": str(file) if file else None,
         "entered": clock.iso(row.created)}
        for row, file in rows
    ]  # fmt: skip


async def sent_by(session: AsyncSession, person: UUID, last: UUID | None, most: int) -> list[dict[str, Any]]:
    """What a person sent to institutions, after sending `last`."""
    query = select(Sending).where(Sending.sent_by == person, *([Sending.id > last] if last else []))
    return [
        {"id": str(row.id), "consultation": str(row.consultation_id), "what": row.what, "version": row.version,
         "institution": row.institution, "sent": clock.iso(row.sent)}
        for row in await session.scalars(query.order_by(Sending.id).limit(most))
    ]  # fmt: skip


async def told_by(session: AsyncSession, person: UUID, last: UUID | None, most: int) -> list[dict[str, Any]]:
    """Of which versions a person told all contributors, after telling `last`."""
    query = select(Telling).where(Telling.told_by == person, *([Telling.id > last] if last else []))
    return [
        {"id": str(row.id), "consultation": str(row.consultation_id), "what": row.what, "version": row.version,
         "told": clock.iso(row.told)}
        for row in await session.scalars(query.order_by(Telling.id).limit(most))
    ]  # fmt: skip


async def positions_of(session: AsyncSession, person: UUID, last: UUID | None, most: int) -> list[dict[str, Any]]:
    """Positions that a person took, after position `last`, and in which group of the opinion map they are."""
    its = (OpinionMember.consultation_id == Recommendation.consultation_id) & (OpinionMember.person_id == person)
    query = (
        select(Position, Recommendation.consultation_id, Recommendation.number, OpinionMember.label)
        .join(Recommendation, Recommendation.id == Position.recommendation_id)
        .outerjoin(OpinionMember, its)
        .where(Position.person_id == person, *([Position.id > last] if last else []))
        .order_by(Position.id)
        .limit(most)
    )
    return [
        {"id": str(row.id), "consultation": str(consultation), "recommendation": number, "version": row.version,
         "position": WORDS[row.value], "taken": clock.iso(row.taken), "changed": clock.iso(row.changed),
         "group": letter(label) if label else None}
        for row, consultation, number, label in await session.execute(query)
    ]  # fmt: skip
