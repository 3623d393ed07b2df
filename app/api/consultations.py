"""Consultations and their topics."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from app.api import auth, bodies, queries, reading
from app.api.choosing import Choosing
from app.api.openapi import Slug, described
from app.api.schemas import Consultation, ConsultationPage, Topic, TopicPage
from app.clock import iso
from app.readings import consultations as readings
from app.readings import versions
from app.readings.consultation_views import ConsultationView, Member, TopicView

router = APIRouter(tags=["Consultations"])


class OneConsultation(Choosing, queries.Nothing):
    """Which fields of a consultation."""

    shape = Consultation


class AllConsultations(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = Consultation


class ItsTopics(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = Topic


@router.get("/consultations", **described(ConsultationPage, "All consultations.", query=AllConsultations))
async def list_consultations(request: Request) -> Response:
    """All consultations, with their topics."""
    asked = bodies.query(request, AllConsultations)
    await auth.caller(request)
    async with request.app.state.database.reading() as connection:
        tag = reading.tag_of(request, await versions.service_version(connection))
        if reading.is_known(request, tag):
            return reading.unchanged(request, tag)
        views = await readings.consultations(connection)
    shown, cursor = reading.part(views, asked, "consultations")
    base = reading.base_of(request)
    return await reading.page(request, asked, reading.texts(consultation(view, base) for view in shown), cursor, tag)


@router.get("/consultations/{slug}", **described(Consultation, "The consultation.", query=OneConsultation))
async def get_consultation(request: Request, slug: Slug) -> Response:
    """One consultation, with its topics."""
    asked = bodies.query(request, OneConsultation)
    view, tag = await _view(request, slug)
    if view is None:
        return reading.unchanged(request, tag)
    content = orjson.dumps(consultation(view, reading.base_of(request)))
    return await reading.answer(request, asked.of_one(content), tag)


@router.get("/consultations/{slug}/topics", **described(TopicPage, "Its topics, in their order.", query=ItsTopics))
async def list_topics(request: Request, slug: Slug) -> Response:
    """The topics of a consultation, with their guiding questions."""
    asked = bodies.query(request, ItsTopics)
    view, tag = await _view(request, slug)
    if view is None:
        return reading.unchanged(request, tag)
    shown, cursor = reading.part(view.topics, asked, f"{view.id}:topics")
    return await reading.page(request, asked, reading.texts(topic(each) for each in shown), cursor, tag)


async def _view(request: Request, slug: str) -> tuple[ConsultationView | None, str]:
    """The consultation and the entity tag; None where the client has it already."""
    await auth.caller(request)
    async with request.app.state.database.reading() as connection:
        tag = reading.tag_of(request, await versions.version(connection, bodies.slug(slug)))
        if reading.is_known(request, tag):
            return None, tag
        return await readings.consultation(connection, slug), tag


def consultation(view: ConsultationView, base: str) -> dict[str, Any]:
    """A consultation as JSON."""
    return {
        "slug": view.slug, "title": view.title, "url": f"{base}/c/{view.slug}", "phase": view.phase,
        "time_zone": view.time_zone, "opens": iso(view.opens), "closes": iso(view.closes),
        "languages": list(view.languages), "topics": [topic(each) for each in view.topics], "size": view.size,
        "sample": view.sample, "team": [_member(each, view) for each in view.team],
    }  # fmt: skip


def _member(member: Member, view: ConsultationView) -> dict[str, Any]:
    where = view.topic_by_id(member.topic).slug if member.topic else None
    return {"role": member.role, "topic": where, "name": member.name, "organisation": member.organisation}


def topic(view: TopicView) -> dict[str, Any]:
    """A topic as JSON."""
    return {
        "id": str(view.id), "slug": view.slug, "title": view.title, "background": view.background,
        "policy": view.policy, "phase": view.phase, "opens": iso(view.opens), "closes": iso(view.closes),
        "questions": [{"key": each.key, "text": each.text, "version": each.version} for each in view.questions],
    }  # fmt: skip
