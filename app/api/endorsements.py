"""Endorsements: support for a contribution, given and taken back. How much there is, is in the contribution, too."""

from collections.abc import Awaitable, Callable

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, writing
from app.api.endorsement_schemas import Endorsements, NewEndorsement
from app.api.openapi import READING, WRITING, Id, described
from app.endorsements import actions
from app.permissions import Actor
from app.readings import versions
from app.readings.discussion import contributions

router = APIRouter(prefix="/contributions/{id}", tags=["Contributions"])
_MERGED = {308: {"description": "It was merged: `Location` is the survivor's."}}
_Work = Callable[[AsyncSession], Awaitable[None]]


@router.get("/endorsements", **described(Endorsements, errors=(*READING, "gone"), also=_MERGED))
async def read_endorsements(request: Request, id: Id) -> Response:
    """How many people support a published contribution, and the organisations that do. Nobody is told who they are."""
    bodies.query(request, queries.Nothing)
    await auth.caller(request)
    contribution = bodies.identifier(id)
    async with request.app.state.database.reading() as connection:
        tag = reading.tag_of(request, await versions.version_around(connection, contribution))
        if reading.is_known(request, tag):
            return reading.unchanged(request, tag)
        people, named = await contributions.support(connection, contribution, reading.base_of(request))
    organisations = orjson.loads(named)
    told = {"people": people, "personal": people - len(organisations), "organisations": organisations}
    return await reading.answer(request, orjson.dumps(told), tag)


@router.put(
    "/endorsement",
    **described(
        None, "You support it.", status=204, body=NewEndorsement, errors=(*WRITING, "closed"), key="needed"
    ),
)  # fmt: skip
async def endorse(request: Request, id: Id) -> Response:
    """Support what somebody else wrote: personally or, with a confirmed mandate, for your organisation, which is named.

    Nobody is told who you are. Each organisation is named once: where a colleague gave it, this is a conflict.
    """
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    contribution = bodies.identifier(id)
    raw = await bodies.raw_body(request)
    capacity = bodies.body(request, NewEndorsement, raw).capacity if raw else None
    return await _done(request, actor, raw, lambda session: actions.endorse(session, actor, contribution, capacity))


@router.delete(
    "/endorsement",
    **described(
        None, "It is taken back.", status=204, query=queries.TakingBack, errors=(*WRITING, "closed"), key="needed"
    ),
)  # fmt: skip
async def take_endorsement_back(request: Request, id: Id) -> Response:
    """Support it no longer, or let your organisation's name go from it."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    capacity = bodies.query(request, queries.TakingBack).capacity
    contribution = bodies.identifier(id)
    return await _done(request, actor, b"", lambda session: actions.take_back(session, actor, contribution, capacity))


async def _done(request: Request, actor: Actor, raw: bytes, act: _Work) -> Response:
    async def work(session: AsyncSession) -> Answer:
        await act(session)
        return Answer(204)

    await writing.done(request, actor, raw, work)
    return Response(status_code=204, headers={"cache-control": reading.PRIVATE})
