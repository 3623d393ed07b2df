"""Endorsements: support for a contribution, given and taken back. How many there are is in the contribution."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, writing
from app.api.openapi import WRITING, Id, described
from app.endorsements import actions
from app.permissions import Actor

router = APIRouter(prefix="/contributions/{id}/endorsement", tags=["Contributions"])
_ERRORS = (*(each for each in WRITING if each != "too-large"), "closed")
_Act = Callable[[AsyncSession, Actor, UUID], Awaitable[None]]


@router.put("", **described(None, "You support it.", status=204, errors=_ERRORS, key="needed"))
async def endorse(request: Request, id: Id) -> Response:
    """Support what somebody else wrote, in a personal capacity. Nobody is told who does."""
    return await _done(request, id, actions.endorse)


@router.delete("", **described(None, "You do not support it.", status=204, errors=_ERRORS, key="needed"))
async def take_endorsement_back(request: Request, id: Id) -> Response:
    """Support it no longer."""
    return await _done(request, id, actions.take_back)


async def _done(request: Request, id: str, act: _Act) -> Response:
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    contribution = bodies.identifier(id)

    async def work(session: AsyncSession) -> Answer:
        await act(session, actor, contribution)
        return Answer(204)

    await writing.done(request, actor, b"", work)
    return Response(status_code=204, headers={"cache-control": reading.PRIVATE})
