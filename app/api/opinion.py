"""Positions on recommendations: taken and taken back with a key; what they say together is for everyone to read."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, writing
from app.api.choosing import Choosing
from app.api.openapi import WRITING, Slug, described
from app.api.opinion_schemas import NewPosition, Opinion
from app.api.recommendations import Number
from app.language import gettext as _
from app.permissions import Actor
from app.readings.outcome import opinion as readings
from app.synthesis import positions

router = APIRouter(prefix="/consultations/{slug}", tags=["Outcome"])
_Act = Callable[[AsyncSession, Actor, UUID, int], Awaitable[None]]


class OpinionQuery(Choosing, queries.Nothing):
    """Which fields of it."""

    shape = Opinion


@router.get("/opinion", **described(Opinion, query=OpinionQuery))
async def read_opinion(request: Request, slug: Slug) -> Response:
    """What all groups agree on, where they differ, and the map. 404 where the consultation asks for no positions."""
    asked = bodies.query(request, OpinionQuery)
    await auth.caller(request)
    base, version = reading.base_of(request), await reading.latest(request, bodies.slug(slug))
    async with request.app.state.database.reading() as connection:
        found = await readings.opinion(connection, version.consultation)
    content = asked.of_one(orjson.dumps(found.json(base, slug)))
    return await reading.answer(request, content, reading.tag_of(request, version))


@router.put(
    "/recommendations/{number}/position",
    **described(None, "It is taken.", status=204, body=NewPosition, errors=(*WRITING, "closed"), key="needed"),
)
async def take_position(request: Request, slug: Slug, number: Number) -> Response:
    """Agree, disagree or pass, while it is open for comment. What you said before is forgotten; nobody sees yours."""
    consultation = await _asking(request, slug)
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    raw = await bodies.raw_body(request)
    value = bodies.body(request, NewPosition, raw).value

    async def act(session: AsyncSession, actor: Actor, consultation: UUID, number: int) -> None:
        await positions.take(session, actor, consultation, number, value)

    return await _done(request, actor, raw, consultation, number, act)


@router.delete(
    "/recommendations/{number}/position",
    **described(None, "You have none any more.", status=204, errors=(*WRITING, "closed"), key="needed"),
)
async def take_position_back(request: Request, slug: Slug, number: Number) -> Response:
    """Have no position any more, while it is open for comment."""
    consultation = await _asking(request, slug)
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    return await _done(request, actor, b"", consultation, number, positions.take_back)


async def _asking(request: Request, slug: str) -> UUID:
    """The consultation, if it asks for positions. Raises NotFound before anybody is asked for a key."""
    bodies.query(request, queries.Nothing)
    await auth.caller(request)
    version = await reading.latest(request, bodies.slug(slug))
    async with request.app.state.database.reading() as connection:
        await readings.require_asked(connection, version.consultation)
    return version.consultation


async def _done(request: Request, actor: Actor, raw: bytes, consultation: UUID, number: str, act: _Act) -> Response:
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise errors.NotFound(_("There is no such recommendation."))

    async def work(session: AsyncSession) -> Answer:
        await act(session, actor, consultation, int(number))
        return Answer(204)

    await writing.done(request, actor, raw, work)
    return Response(status_code=204, headers={"cache-control": reading.PRIVATE})
