"""`/c/{consultation}`: what it is for, when, by whom, on what, and what becomes of what people say."""

from fastapi import APIRouter
from starlette.responses import Response

from app.permissions import Thing
from app.readings import consultations
from app.readings.discussion import marked, threads
from app.readings.meetings import planned
from app.readings.organising import documents, notices
from app.readings.outcome import recommendations, report, summary
from app.web.discussion.follow_link import follow_link
from app.web.kit.entries import entry
from app.web.kit.visit import Visiting, version_of

router = APIRouter()
EXCERPT = 200
MEETINGS = 5


@router.get("/c/{slug}")
async def consultation_page(visit: Visiting, slug: str) -> Response:
    """The consultation's own page."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        latest = await threads.latest(connection, consultation.id)
        has_outcome = await recommendations.is_there(connection, consultation.id)
        has_report = await report.is_there(connection, consultation.id)
        has_summary = await summary.is_there(connection, consultation.id)
        news = await notices.latest(connection, consultation)
        papers = await documents.titles(connection, consultation)
        featured = await marked.featured(connection, [topic.id for topic in consultation.topics])
        to_come = await planned.to_come(connection, consultation, MEETINGS)
    return visit.public(
        "discussion/consultation.html",
        version_of(consultation),
        consultation=consultation,
        details=consultation.details,
        has_outcome=has_outcome,
        has_report=has_report,
        has_summary=has_summary,
        rapporteur=visit.may("outcome.read", Thing(consultation.id)),
        organises=visit.may("consultation.define", Thing(consultation.id)),
        notices=news,
        documents=papers,
        featured=[(entry(view, consultation), view.excerpt(EXCERPT)) for view in featured],
        to_come=to_come,
        follow=await follow_link(visit, "consultation", consultation.id),
        latest=[(entry(view, consultation), view.excerpt(EXCERPT)) for view in latest],
    )
