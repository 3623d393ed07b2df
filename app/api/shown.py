"""One contribution as an answer: to anyone as it is public, to its author and to moderators as it is."""

from dataclasses import replace
from uuid import UUID

import orjson
from fastapi import Request, Response

from app import errors
from app.accounts.idempotency import Answer
from app.api import reading
from app.permissions import Actor
from app.readings import contributions, private

# A cache that does not know it must not answer an author's request with what everyone sees.
_BY_KEY = {"vary": "Accept-Encoding, Authorization"}
_NOBODYS = ("erased",)  # there is nothing left to show to anyone


async def to_anyone(request: Request, actor: Actor, id: UUID) -> Response:
    """The contribution for this caller. Raises NotFound, Gone, Moved for what they may not see."""
    if actor.person is not None and (found := await _own(request, actor, id)) is not None:
        content, etag = found
    else:
        async with request.app.state.database.glancing() as connection:
            text, etag = await contributions.by_id(connection, id, reading.base_of(request))
            content = text.encode()
    tag = f'"{etag}"'
    if reading.is_known(request, tag):
        return reading.unchanged(request, tag)
    return reading.answer(request, content, tag, headers=_BY_KEY)


async def after_writing(request: Request, actor: Actor, done: Answer) -> Response:
    """The contribution that an act of its author was about, as it is now. A key that may only write sees it here, too.

    Raises Gone, NotFound where it was erased since.
    """
    assert done.subject is not None  # these acts are about one
    content, etag = await _written(request, actor, done)
    headers = {"location": f"{reading.base_of(request)}{done.location}"} if done.location else {}
    return reading.answer(request, content, f'"{etag}"', status=done.status, headers=headers)


async def _written(request: Request, actor: Actor, done: Answer) -> tuple[bytes, str]:
    """What was just published is read in one query; what waits needs more of them."""
    assert done.subject is not None
    if done.status == 201:
        try:
            async with request.app.state.database.at_once() as connection:
                text, etag = await contributions.by_id(connection, done.subject, reading.base_of(request))
            return text.encode(), etag
        except (errors.NotFound, errors.Gone):
            pass
    found = await _own(request, replace(actor, scopes=None), done.subject)
    if found is None:
        raise errors.NotFound("There is no such contribution.")
    return found


async def _own(request: Request, actor: Actor, id: UUID) -> tuple[bytes, str] | None:
    """As its author or a moderator sees it: the public text while an edit of it waits, with `waiting` set."""
    async with request.app.state.database.writing() as session:
        own = await private.own(session, actor, id, reading.base_of(request))
    if own is None or own.fields["status"] in _NOBODYS:
        return None
    return orjson.dumps(own.public or own.fields), own.etag
