"""One contribution as an answer: to anyone as it is public, to its author and to moderators as it is."""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from uuid import UUID

import orjson
from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from app import errors
from app.accounts.idempotency import Answer
from app.api import reading
from app.api.choosing import Choosing
from app.permissions import Actor
from app.readings.discussion import contributions, private

# A cache that does not know it must not answer an author's request with what everyone sees.
_BY_KEY = {"vary": "Accept-Encoding, Authorization"}
_NOBODYS = ("erased",)  # there is nothing left to show to anyone


async def to_anyone(request: Request, actor: Actor, id: UUID, asked: Choosing) -> Response:
    """The contribution for this caller. Raises NotFound, Gone, Moved for what they may not see."""
    own = await _own(request, actor, id) if actor.person is not None else None
    content, etag = own or await _public(request, request.app.state.database.glancing(), id)
    tag = f'"{etag}"'
    if reading.is_known(request, tag):
        return reading.unchanged(request, tag, _BY_KEY)
    return await reading.answer(request, asked.of_one(content), tag, headers=_BY_KEY)


async def after_writing(
    request: Request, actor: Actor, done: Answer, written: tuple[bytes, str] | None = None
) -> Response:  # fmt: skip
    """The contribution that an act of its author was about, as it is now; `written` where that is known already.

    A key that may only write sees it here, too. Raises NotFound, Gone where it was erased since.
    """
    assert done.subject is not None  # these acts are about one
    author = replace(actor, scopes=None)
    content, etag = (
        written
        or await _own(request, author, done.subject)
        or await _public(request, request.app.state.database.at_once(), done.subject)
    )
    headers = {"location": f"{reading.base_of(request)}{done.location}"} if done.location else {}
    return await reading.answer(request, content, f'"{etag}"', status=done.status, headers=headers)


async def require_not_erased(request: Request, id: UUID) -> None:
    """Raises Gone, as for who reads it, where the texts of a contribution that was public are destroyed."""
    try:
        await _public(request, request.app.state.database.at_once(), id)
    except errors.Gone as gone:
        if gone.details["state"] in _NOBODYS:
            raise
    except (errors.NotFound, errors.Moved):
        return


async def _public(
    request: Request, connected: AbstractAsyncContextManager[AsyncConnection], id: UUID
) -> tuple[bytes, str]:  # fmt: skip
    async with connected as connection:
        return await contributions.by_id(connection, id, reading.base_of(request))


async def _own(request: Request, actor: Actor, id: UUID) -> tuple[bytes, str] | None:
    """As its author or a moderator sees it: the public text while an edit of it waits, with `waiting` set."""
    async with request.app.state.database.writing() as session:
        own = await private.own(session, actor, id, reading.base_of(request))
    if own is None or own.fields["status"] in _NOBODYS:
        return None
    return orjson.dumps(own.public or own.fields), own.etag
