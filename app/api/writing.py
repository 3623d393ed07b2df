"""The way of every write: the limit, one transaction done once for its Idempotency-Key, one more try after a race."""

import hashlib
from collections.abc import Awaitable, Callable

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts import idempotency, limits
from app.accounts.idempotency import Answer
from app.database import DATABASE_ERRORS, sqlstate_of
from app.language import gettext as _
from app.permissions import Actor

_INTEGRITY = "23"  # class of constraint violations: somebody else was first
_RACES = ("40001", "40P01")  # serialization failure, deadlock: the other one went first

Work = Callable[[AsyncSession], Awaitable[Answer]]


async def allow(request: Request, actor: Actor) -> None:
    """Count a write by this key and this person; the answer says how their quotas stand. Raises RateLimited."""
    request.state.quotas = await limits.count_write(request.app.state.database, actor.person, actor.key)
    limits.require_left(request.state.quotas)


async def done(request: Request, actor: Actor, raw: bytes, work: Work) -> Answer:
    """Do the work in one transaction, or remember how it was answered. Raises what the work raises, and Conflict."""
    try:
        return await _once(request, actor, raw, work)
    except DATABASE_ERRORS as error:
        if not _is_race(error):
            raise
    try:
        return await _once(request, actor, raw, work)
    except DATABASE_ERRORS as error:
        if not _is_race(error):
            raise
    raise errors.Conflict(_("Somebody else changed the same thing at the same moment. Please try again."))


async def _once(request: Request, actor: Actor, raw: bytes, work: Work) -> Answer:
    key = request.headers.get("idempotency-key")
    async with request.app.state.database.writing() as session:
        if key is None or actor.person is None:
            return await work(session)
        remembered = await idempotency.remember(session, actor.person, key, _fingerprint(request, raw))
        if remembered.answer is not None:
            return remembered.answer
        answer = await work(session)
        await idempotency.keep_answer(session, remembered, answer)
        return answer


def _is_race(error: Exception) -> bool:
    state = sqlstate_of(error)
    return state.startswith(_INTEGRITY) or state in _RACES


def _fingerprint(request: Request, raw: bytes) -> bytes:
    scope = request.scope
    parts = (scope["method"].encode(), scope["path"].encode(), scope["query_string"], raw)
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()
