"""Flags: anyone with a key reports a contribution, moderators read what is reported. `dismiss` is a decision."""

from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, writing
from app.api.choosing import Choosing
from app.api.moderation_schemas import Flag, Flagged, FlaggedPage
from app.api.openapi import PREFIX, READING, WRITING, Id, Slug, described
from app.api.requests import NewFlag
from app.consultations.floor import consultation_id
from app.moderation import flags as acts
from app.readings.moderation import flags

router = APIRouter(tags=["Moderation"])


class FlagsQuery(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = Flagged


@router.get(
    "/consultations/{slug}/flags",
    **described(FlaggedPage, "Longest reported first.", query=FlagsQuery, errors=(*READING, "forbidden"), key="needed"),
)
async def read_flags(request: Request, slug: Slug) -> Response:
    """Contributions with open flags: what was reported, never by whom. Needs a key with the scope `moderate`."""
    actor = await auth.key_holder(request)
    asked = bodies.query(request, FlagsQuery)
    async with request.app.state.database.writing() as session:
        consultation = await consultation_id(session, bodies.slug(slug))
        page = await flags.flagged(session, actor, consultation, asked.limit, asked.cursor)
    return await reading.page(request, asked, reading.texts(item.json() for item in page.items), page.next, None)


@router.post(
    "/contributions/{id}/flags",
    **described(
        Flag, "It is reported. Its outcome comes by mail.", status=201, body=NewFlag, errors=WRITING, key="needed",
        headers={"Location": "Address of the contribution that was reported."},
    ),
)  # fmt: skip
async def flag(request: Request, id: Id) -> Response:
    """Report a contribution to its moderators, once while that is open. Nobody is told who reported."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    contribution = bodies.identifier(id)
    raw = await bodies.raw_body(request)
    given = bodies.body(request, NewFlag, raw)

    async def work(session: AsyncSession) -> Answer:
        made = await acts.flag(session, actor, contribution, given.rule, given.note)
        return Answer(201, f"{PREFIX}/contributions/{contribution}", made.id)

    done = await writing.done(request, actor, raw, work)
    assert isinstance(done.subject, UUID)
    async with request.app.state.database.writing() as session:
        shown = await flags.flag_of(session, done.subject)
    headers = {"location": f"{reading.base_of(request)}{done.location}"}
    return await reading.answer(request, orjson.dumps(shown), status=done.status, headers=headers)
