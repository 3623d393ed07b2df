"""What moderators do: read the queue, take in hand, decide."""

from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.accounts.idempotency import Answer
from app.accounts.people import name_of
from app.api import auth, bodies, queries, reading, writing
from app.api.choosing import Choosing
from app.api.openapi import PREFIX, READING, WRITING, Id, Slug, described
from app.api.queue_schemas import Claim, QueueItem, QueuePage
from app.api.requests import NewDecision
from app.api.schemas import Decision
from app.consultations.floor import consultation_id
from app.language import gettext as _
from app.moderation import actions, claims, translations
from app.permissions import Actor
from app.readings.moderation import decisions
from app.readings.moderation.queue import queue
from app.readings.moderation.queue_query import Asked

router = APIRouter(tags=["Moderation"])
_VERBS = {**actions.VERBS, **translations.VERBS}


class QueueQuery(Choosing, queries.Queueing):
    """Which part of the queue, and which fields."""

    shape = QueueItem


@router.get(
    "/consultations/{slug}/queue",
    **described(QueuePage, "Oldest first.", query=QueueQuery, errors=(*READING, "forbidden"), key="needed"),
)
async def read_queue(request: Request, slug: Slug) -> Response:
    """What waits for a moderator: texts, edits, flags, appeals. Needs a key with the scope `moderate`."""
    actor = await auth.key_holder(request)
    given = bodies.query(request, QueueQuery)
    asked = Asked(
        given.reason, given.topic, given.language, given.organisation, given.older_than_hours, given.overdue
    )  # fmt: skip
    async with request.app.state.database.writing() as session:
        consultation = await consultation_id(session, bodies.slug(slug))
        page = await queue(session, actor, consultation, given.limit, given.cursor, asked)
    items = reading.texts(waiting.json(actor.person) for waiting in page.items)
    return await reading.page(request, given, items, page.next, None)


@router.post(
    "/contributions/{id}/claim",
    **described(
        Claim, "You have it in hand.", status=201, errors=tuple(each for each in WRITING if each != "too-large"),
        key="needed",
    ),
)  # fmt: skip
async def claim(request: Request, id: Id) -> Response:
    """Take an item of the queue in hand for a quarter of an hour, or for another one. Refused while another has it."""
    actor, contribution = await _claiming(request, id)

    async def work(session: AsyncSession) -> Answer:
        await claims.claim(session, actor, contribution)
        return Answer(201)

    await writing.done(request, actor, b"", work)
    async with request.app.state.database.writing() as session:
        held = await claims.still_held(session, actor, contribution)
        name = await name_of(session, held.person_id)
    shown = {"name": name, "until": clock.iso(held.until), "mine": True}
    return await reading.answer(request, orjson.dumps(shown), status=201)


@router.delete(
    "/contributions/{id}/claim",
    **described(
        None, "Nobody has it in hand.", status=204, errors=tuple(each for each in WRITING if each != "too-large"),
        key="needed",
    ),
)  # fmt: skip
async def release(request: Request, id: Id) -> Response:
    """Give an item back. Organisers can give back what others have in hand."""
    actor, contribution = await _claiming(request, id)

    async def work(session: AsyncSession) -> Answer:
        await claims.release(session, actor, contribution)
        return Answer(204)

    await writing.done(request, actor, b"", work)
    return Response(status_code=204, headers={"cache-control": reading.PRIVATE})


async def _claiming(request: Request, id: str) -> tuple[Actor, UUID]:
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    return actor, bodies.identifier(id)


@router.post(
    "/contributions/{id}/decisions",
    **described(
        Decision, "It was decided.", status=201, body=NewDecision, errors=WRITING, key="needed",
        headers={"Location": "Address of the contribution that was decided upon."},
    ),
)  # fmt: skip
async def decide(request: Request, id: Id) -> Response:
    """Decide on a contribution. Needs a key with the scope `moderate`.

    All acts but `approve`, `pin` and `feature` (and what takes these back), `accept-translation` and
    `review-translation` need a reason.
    """
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    contribution = bodies.identifier(id)
    raw = await bodies.raw_body(request)
    given = bodies.body(request, NewDecision, raw)
    verb = _VERBS.get(given.act)
    if verb is None:
        raise errors.Invalid({"act": _("The act is one of %(choice)s.", choice=", ".join(_VERBS))})

    async def work(session: AsyncSession) -> Answer:
        if given.held:
            await claims.require_not_taken(session, actor, contribution)
        made = await verb(session, actor, contribution, given.revision, given.grounds(), given.options())
        return Answer(201, f"{PREFIX}/contributions/{contribution}", made.id)

    return await _shown(request, actor, await writing.done(request, actor, raw, work))


async def _shown(request: Request, actor: Actor, done: Answer) -> Response:
    assert isinstance(done.subject, UUID)
    async with request.app.state.database.writing() as session:
        decision = await decisions.decision(session, actor, done.subject)
    headers = {"location": f"{reading.base_of(request)}{done.location}"}
    return await reading.answer(request, orjson.dumps(decision), status=done.status, headers=headers)
