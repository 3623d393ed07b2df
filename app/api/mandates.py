"""Mandates: people ask the organisers of a consultation to confirm that they speak for their organisation."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts import mandates as acts
from app.accounts.idempotency import Answer
from app.accounts.mandate_links import pass_on
from app.api import auth, bodies, queries, reading, writing
from app.api.choosing import Choosing
from app.api.mandate_schemas import (
    MandateDecision,
    MandateQuestion,
    MandateRequest,
    MandateRequestPage,
    NewMandateRequest,
)
from app.api.openapi import PREFIX, READING, WRITING, Slug, described
from app.consultations.floor import consultation_id
from app.language import gettext as _
from app.permissions import Actor
from app.readings.organising import mandates

router = APIRouter(prefix="/consultations/{slug}/mandates", tags=["Mandates"])
Which = Annotated[str, Path(description="The request’s id.", json_schema_extra={"format": "uuid"})]


class MandatesQuery(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = MandateRequest


@router.get(
    "",
    **described(
        MandateRequestPage, "First what waits.", query=MandatesQuery, errors=(*READING, "forbidden"), key="needed"
    ),
)  # fmt: skip
async def list_mandate_requests(request: Request, slug: Slug) -> Response:
    """What the organisers were asked to confirm. For organisers; needs the scope `moderate`."""
    actor = await auth.key_holder(request)
    asked = bodies.query(request, MandatesQuery)
    async with request.app.state.database.writing() as session:
        found = await mandates.in_consultation(session, actor, await consultation_id(session, bodies.slug(slug)))
    shown, cursor = reading.part(found, asked, f"{slug}:mandates")
    return await reading.page(request, asked, reading.texts(each.json() for each in shown), cursor, None)


@router.post(
    "",
    **described(
        MandateRequest, "The organisers are asked.", status=201, body=NewMandateRequest, errors=WRITING, key="needed",
        headers={"Location": "Its address, at which it can be taken back."},
    ),
)  # fmt: skip
async def ask_for_mandate(request: Request, slug: Slug) -> Response:
    """Ask the organisers to confirm that you speak for the organisation that your profile names.

    They read your name, what you say of the organisation, and your words. One request may wait at a time.
    """
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    slug = bodies.slug(slug)
    raw = await bodies.raw_body(request)
    given = bodies.body(request, NewMandateRequest, raw)

    async def work(session: AsyncSession) -> Answer:
        made = await acts.ask(session, actor, await consultation_id(session, slug), given.words)
        return Answer(201, f"{PREFIX}/consultations/{slug}/mandates/{made.id}", made.id)

    return await _shown(request, actor, await writing.done(request, actor, raw, work))


@router.delete("/{mandate}", **described(None, "You ask no longer.", status=204, errors=WRITING, key="needed"))
async def take_mandate_request_back(request: Request, slug: Slug, mandate: Which) -> Response:
    """Take your request back, as long as it waits."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    slug, id = bodies.slug(slug), _identifier(mandate)

    async def work(session: AsyncSession) -> Answer:
        await acts.take_back(session, actor, await consultation_id(session, slug), id)
        return Answer(204)

    await writing.done(request, actor, b"", work)
    return Response(status_code=204, headers={"cache-control": reading.PRIVATE})


@router.post(
    "/{mandate}/decisions",
    **described(
        MandateRequest, "Whoever asked is told.", status=201, body=MandateDecision, errors=WRITING, key="needed"
    ),
)  # fmt: skip
async def decide_on_mandate(request: Request, slug: Slug, mandate: Which) -> Response:
    """Confirm a mandate, decline that, or end one that was confirmed. For organisers; needs the scope `moderate`.

    Nobody answers their own request.
    """
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    slug, id = bodies.slug(slug), _identifier(mandate)
    raw = await bodies.raw_body(request)
    given = bodies.body(request, MandateDecision, raw)

    async def work(session: AsyncSession) -> Answer:
        await acts.answer(session, actor, await consultation_id(session, slug), id, given.act, given.reason)
        return Answer(201, None, id)

    return await _shown(request, actor, await writing.done(request, actor, raw, work))


@router.post(
    "/{mandate}/question",
    **described(
        MandateRequest, "The mail is on its way.", status=201, body=MandateQuestion, errors=WRITING, key="needed"
    ),
)  # fmt: skip
async def ask_organisation(request: Request, slug: Slug, mandate: Which) -> Response:
    """Ask the organisation itself, by a link with which it says yes or no. For organisers; needs the scope `moderate`.

    The link works once, for thirty days, or until you send another.
    """
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    slug, id = bodies.slug(slug), _identifier(mandate)
    raw = await bodies.raw_body(request)
    given = bodies.body(request, MandateQuestion, raw)

    async def work(session: AsyncSession) -> Answer:
        consultation = await consultation_id(session, slug)
        await pass_on(session, actor, consultation, id, given.email, given.language)
        return Answer(201, None, id)

    return await _shown(request, actor, await writing.done(request, actor, raw, work))


async def _shown(request: Request, actor: Actor, done: Answer) -> Response:
    assert isinstance(done.subject, UUID)
    async with request.app.state.database.writing() as session:
        found = await mandates.one(session, actor, done.subject)
    headers = {"location": f"{reading.base_of(request)}{done.location}"} if done.location else {}
    return await reading.answer(request, orjson.dumps(found.json()), status=done.status, headers=headers)


def _identifier(value: str) -> UUID:
    try:
        return bodies.identifier(value)
    except errors.NotFound:
        raise errors.NotFound(_("There is no such request.")) from None
