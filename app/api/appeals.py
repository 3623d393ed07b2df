"""Appeals: an author asks that a decision be looked at again, another moderator answers."""

from dataclasses import replace
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, writing
from app.api.choosing import Choosing
from app.api.moderation_schemas import Appeal, Appealed, AppealedPage
from app.api.openapi import PREFIX, READING, WRITING, Id, Slug, described
from app.api.requests import NewAppeal, NewAppealDecision
from app.consultations.floor import consultation_id
from app.language import gettext as _
from app.moderation import appeals as acts
from app.permissions import Actor
from app.readings.moderation import appeals

router = APIRouter(tags=["Moderation"])


class AppealsQuery(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = Appealed


class AppealQuery(Choosing, queries.Nothing):
    """Which fields of an appeal."""

    shape = Appeal


@router.get(
    "/consultations/{slug}/appeals",
    **described(AppealedPage, "Oldest first.", query=AppealsQuery, errors=(*READING, "forbidden"), key="needed"),
)
async def read_appeals(request: Request, slug: Slug) -> Response:
    """Appeals that wait for an answer. Needs a key with the scope `moderate`."""
    actor = await auth.key_holder(request)
    asked = bodies.query(request, AppealsQuery)
    async with request.app.state.database.writing() as session:
        consultation = await consultation_id(session, bodies.slug(slug))
        page = await appeals.appealed(session, actor, consultation, asked.limit, asked.cursor)
    return await reading.page(request, asked, reading.texts(item.json() for item in page.items), page.next, None)


@router.get("/appeals/{id}", **described(Appeal, query=AppealQuery, errors=(*READING, "forbidden"), key="needed"))
async def read_appeal(request: Request, id: Id) -> Response:
    """An appeal and what became of it, for its author and the moderators."""
    actor = await auth.key_holder(request)
    asked = bodies.query(request, AppealQuery)
    async with request.app.state.database.writing() as session:
        shown = await appeals.appeal_of(session, actor, _identifier(id))
    return await reading.answer(request, asked.of_one(orjson.dumps(shown)))


@router.post(
    "/contributions/{id}/appeals",
    **described(
        Appeal, "It waits for another moderator.", status=201, body=NewAppeal, errors=WRITING, key="needed",
        headers={"Location": "Address of the appeal."},
    ),
)  # fmt: skip
async def appeal(request: Request, id: Id) -> Response:
    """Ask that the decision on one's rejected, hidden or redacted text be looked at again: once for each decision."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    contribution = bodies.identifier(id)
    raw = await bodies.raw_body(request)
    given = bodies.body(request, NewAppeal, raw)

    async def work(session: AsyncSession) -> Answer:
        made = await acts.appeal(session, actor, contribution, given.words, given.decision)
        return Answer(201, f"{PREFIX}/appeals/{made.id}", made.id)

    return await _shown(request, actor, await writing.done(request, actor, raw, work))


@router.post(
    "/appeals/{id}/decision",
    **described(
        Appeal, "It is answered, and the author is told.", status=201, body=NewAppealDecision, errors=WRITING,
        key="needed", headers={"Location": "Address of the appeal."},
    ),
)  # fmt: skip
async def decide_appeal(request: Request, id: Id) -> Response:
    """Answer an appeal, with a reason: another than who decided, unless nobody else moderates. Scope `moderate`."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    which = _identifier(id)
    raw = await bodies.raw_body(request)
    given = bodies.body(request, NewAppealDecision, raw)

    async def work(session: AsyncSession) -> Answer:
        made = await acts.decide_appeal(session, actor, which, given.outcome, given.reason)
        return Answer(201, f"{PREFIX}/appeals/{made.id}", made.id)

    return await _shown(request, actor, await writing.done(request, actor, raw, work))


def _identifier(id: str) -> UUID:
    try:
        return bodies.identifier(id)
    except errors.NotFound:
        raise errors.NotFound(_("There is no such appeal.")) from None


async def _shown(request: Request, actor: Actor, done: Answer) -> Response:
    assert isinstance(done.subject, UUID)
    async with request.app.state.database.writing() as session:
        shown = await appeals.appeal_of(session, replace(actor, scopes=None), done.subject)
    headers = {"location": f"{reading.base_of(request)}{done.location}"}
    return await reading.answer(request, orjson.dumps(shown), status=done.status, headers=headers)
