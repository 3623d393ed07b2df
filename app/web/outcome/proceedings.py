"""`/c/{consultation}/proceedings`: everything said so far, as a document to print or to work on."""

import asyncio
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import clock, errors
from app.language import gettext as _
from app.permissions import Thing
from app.printing.apart import TYPES, Form, printed
from app.readings import consultations
from app.readings.coding import gists
from app.readings.consultation_views import ConsultationView, TopicView
from app.readings.discussion.proceedings import proceedings
from app.web.kit.allowed import consultation_to
from app.web.kit.visit import PRIVATE, Visit, Visiting
from app.web.outcome import printed as documents
from app.web.outcome.question_grid import TYPE, Gists, question_grid

router = APIRouter()


@router.get("/c/{slug}/proceedings")
async def choose(visit: Visiting, slug: str) -> Response:
    """What part of it, and in which form."""
    consultation = await consultation_to(visit, "proceedings.print", slug)
    return visit.page("outcome/proceedings.html", consultation=consultation)


@router.get("/c/{slug}/proceedings.{form}")
async def printed_proceedings(visit: Visiting, slug: str, form: Form | Literal["xlsx"], part: str = "") -> Response:
    """The file. `part` is a topic's slug, a question's key such as `inclusion.a`, or nothing for all of it.

    Raises NotFound, Unauthenticated, Forbidden, TooLarge, Unavailable.
    """
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        topics, question = _part(consultation, part)
        ids = [topic.id for topic in topics]
        key = part if question else None
        found = await proceedings(connection, visit.actor, consultation.id, ids, key)
    said = [(topic, found[topic.id]) for topic in topics]
    if form == "xlsx":
        noted = await _gists(visit, consultation, [view.id for _topic, views in said for view in views])
        content = await asyncio.to_thread(question_grid, consultation, visit.base, said, noted)
    else:
        content = await printed(documents.proceedings(consultation, visit.base, said, question), form, clock.now())
    name = "-".join(filter(None, (slug, part.replace(".", "-"), "proceedings")))
    headers = {"Cache-Control": PRIVATE, "Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(content, media_type=TYPE if form == "xlsx" else TYPES[form], headers=headers)


async def _gists(visit: Visit, consultation: ConsultationView, ids: list[UUID]) -> Gists | None:
    """What rapporteurs wrote of these; None for moderators who are none."""
    if not visit.may("outcome.read", Thing(consultation.id)):
        return None
    async with visit.database.writing() as session:
        return await gists.on_texts(session, visit.actor, ids)


def _part(consultation: ConsultationView, part: str) -> tuple[list[TopicView], str]:
    """The topics that are meant and, where it is one question of them, its text. Raises NotFound."""
    if not part:
        return list(consultation.topics), ""
    slug, _dot, key = part.partition(".")
    topic = consultation.topic(slug)
    if not key:
        return [topic], ""
    text = next((question.text for question in topic.questions if question.key == key), None)
    if text is None:
        raise errors.NotFound(_("There is no such guiding question."))
    return [topic], text
