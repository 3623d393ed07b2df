"""`/c/{consultation}/topics/{topic}`: its guiding questions, the facilitator's latest note, its threads."""

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.notifications.mailboxes import topic_address
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView, TopicView
from app.readings.discussion import marked, private, threads
from app.readings.organising import documents
from app.web.discussion.consultation import EXCERPT
from app.web.discussion.follow_link import follow_link
from app.web.discussion.own import waiting_entries
from app.web.kit.entries import Entry, entry
from app.web.kit.visit import Visit, Visiting, version_of

router = APIRouter()
MOST_NOTES = 12


@router.get("/c/{slug}/topics/{topic_slug}")
async def topic_page(visit: Visiting, slug: str, topic_slug: str, before: int | None = Query(None, ge=1)) -> Response:
    """One topic; `before` continues the list of threads before that number."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        topic = consultation.topic(topic_slug)
        found = await threads.threads(connection, topic.id, before)
        notes = await threads.latest_notes(connection, topic.id, MOST_NOTES)
        papers = await documents.titles(connection, consultation, topic.id)
        pinned = await marked.pinned(connection, topic.id) if before is None else []
    return visit.public(
        "discussion/topic.html",
        version_of(consultation),
        consultation=consultation,
        topic=topic,
        team=[each for each in consultation.team if each.topic in (None, topic.id)],
        roots=[(entry(view, consultation), view.excerpt(EXCERPT)) for view in found.roots],
        next_before=found.next_before,
        before=before,
        documents=papers,
        pinned=[(entry(view, consultation), view.excerpt(EXCERPT)) for view in pinned],
        notes=[entry(view, consultation) for view in notes],
        waiting=await _waiting(visit, consultation, topic),
        follow=await follow_link(visit, "topic", topic.id, topic.slug),
        may_note=visit.may("contribution.note", Thing(consultation.id, topic=topic.id)),
        mail_address=topic_address(consultation.slug, topic.slug) if topic.phase == "open" else None,
        moderates_here=visit.may("contribution.decide", Thing(consultation.id, topic=topic.id)),
    )


async def _waiting(visit: Visit, consultation: ConsultationView, topic: TopicView) -> list[Entry]:
    if visit.actor.person is None:
        return []
    async with visit.database.writing() as session:
        found = await private.waiting_in(session, visit.actor.person, visit.base, topic=topic.id)
    return waiting_entries([own for own in found if not own.fields["parent"]], consultation)
