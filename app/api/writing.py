"""The way of every write: the limit, one transaction done once for its Idempotency-Key, one more try after a race."""

import hashlib
from collections.abc import Awaitable, Callable

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import idempotency, limits
from app.accounts.idempotency import Answer
from app.database.races import once_more
from app.permissions import Actor

Work = Callable[[AsyncSession], Awaitable[Answer]]


async def allow(request: Request, actor: Actor) -> None:
    """Count a write by this key and this person; the answer says how their quotas stand. Raises RateLimited."""
    request.state.quotas = await limits.count_write(request.app.state.database, actor.person, actor.key)
    limits.require_left(request.state.quotas)


async def done(request: Request, actor: Actor, raw: bytes, work: Work) -> Answer:
    """Do the work in one transaction, or remember how it was answered. Raises what the work raises, and Conflict."""
    return await once_more(lambda: _once(request, actor, raw, work))


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


def _fingerprint(request: Request, raw: bytes) -> bytes:
    scope = request.scope
    parts = (scope["method"].encode(), scope["path"].encode(), scope["query_string"], raw)
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()
