"""Many contributions in one call, for moderators who bring in what came from another process."""

from collections import Counter
from collections.abc import Sequence

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import limits
from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, writing
from app.api.bulk_schemas import BulkResults, NewContributions
from app.api.openapi import WRITING, Slug, described
from app.contributions import bulk
from app.contributions.bulk import Result

router = APIRouter(tags=["Contributions"])
BODY_LIMIT = 8 * 1024 * 1024  # bytes
_OFTEN = {"most": 30, "per_seconds": 60}


@router.post(
    "/consultations/{slug}/contributions/bulk",
    **described(
        BulkResults, "A result for each item. Those that cannot be taken do not stop the others.",
        body=NewContributions, errors=WRITING, key="needed",
    ),
)  # fmt: skip
async def post_contributions(request: Request, slug: Slug) -> Response:
    """Import contributions from another process: channel `process`, public at once, each known again by its `id`.

    Needs the scope `moderate` and a moderator. At most 1,000 items and 8 MB in a call, 30 calls a minute.
    """
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    await limits.allow(request.app.state.database, "bulk", str(actor.person), **_OFTEN)
    bodies.query(request, queries.Nothing)
    consultation = (await reading.latest(request, bodies.slug(slug))).consultation
    raw = await bodies.raw_body(request, BODY_LIMIT)
    given = bodies.body(request, NewContributions, raw).rows()
    done: Sequence[Result] | None = None
    async with request.app.state.database.writing() as session:
        planned = await bulk.planned(session, actor, consultation, given)
    rows = await bulk.prepared(planned)

    async def take_in(session: AsyncSession) -> Answer:
        nonlocal done
        done = await bulk.take_in_many(session, actor, consultation, rows)
        return Answer(200)

    await writing.done(request, actor, raw, take_in)
    if done is None:  # the same request again: everything is there
        async with request.app.state.database.writing() as session:
            done = await bulk.results(session, consultation, rows)
    return await reading.answer(request, _json(done))


def _json(found: Sequence[Result]) -> bytes:
    counts = Counter(result.state for result in found)
    items = [
        {"id": result.id, "state": result.state, "number": result.number,
         "contribution": str(result.contribution) if result.contribution else None,
         "errors": [{"field": name, "message": why} for name, why in result.faults.items()]}
        for result in found
    ]  # fmt: skip
    return orjson.dumps({"items": items, **{state: counts[state] for state in ("created", "unchanged", "refused")}})
