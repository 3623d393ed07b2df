"""What moderators do: read the queue, decide."""

from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, writing
from app.api.openapi import PREFIX, READING, WRITING, Id, Slug, described
from app.api.requests import NewDecision
from app.api.schemas import Decision, QueuePage
from app.consultations.floor import consultation_id
from app.moderation.actions import VERBS
from app.permissions import Actor
from app.readings import decisions
from app.readings.queue import queue

router = APIRouter(tags=["Moderation"])


@router.get(
    "/consultations/{slug}/queue",
    **described(QueuePage, "Oldest first.", query=queries.Paging, errors=(*READING, "forbidden"), key="needed"),
)
async def read_queue(request: Request, slug: Slug) -> Response:
    """What waits for a moderator. Needs a key with the scope `moderate`."""
    actor = await auth.key_holder(request)
    asked = bodies.query(request, queries.Paging)
    async with request.app.state.database.writing() as session:
        consultation = await consultation_id(session, bodies.slug(slug))
        page = await queue(session, actor, consultation, asked.limit, asked.cursor)
    return await reading.page(request, reading.texts(waiting.json() for waiting in page.items), page.next, None)


@router.post(
    "/contributions/{id}/decisions",
    **described(
        Decision, "It was decided.", status=201, body=NewDecision, errors=WRITING, key="needed",
        headers={"Location": "Address of the contribution that was decided upon."},
    ),
)  # fmt: skip
async def decide(request: Request, id: Id) -> Response:
    """Decide on a contribution. Needs a key with the scope `moderate`.

    All acts but `approve`, `pin` and `feature` (and what takes these back) need a reason.
    """
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    contribution = bodies.identifier(id)
    raw = await bodies.raw_body(request)
    given = bodies.body(request, NewDecision, raw)
    verb = VERBS.get(given.act)
    if verb is None:
        raise errors.Invalid({"act": f"The act is one of {', '.join(VERBS)}."})

    async def work(session: AsyncSession) -> Answer:
        made = await verb(session, actor, contribution, given.revision, given.grounds(), given.options())
        return Answer(201, f"{PREFIX}/contributions/{contribution}", made.id)

    return await _shown(request, actor, await writing.done(request, actor, raw, work))


async def _shown(request: Request, actor: Actor, done: Answer) -> Response:
    assert isinstance(done.subject, UUID)
    async with request.app.state.database.writing() as session:
        decision = await decisions.decision(session, actor, done.subject)
    headers = {"location": f"{reading.base_of(request)}{done.location}"}
    return await reading.answer(request, orjson.dumps(decision), status=done.status, headers=headers)
