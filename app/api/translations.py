"""Translations of contributions: listed, offered, approved by the original's author, taken away.

What moderators decide about them is a decision on the contribution, with `translation` (moderation.py).
"""

from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, writing
from app.api.choosing import Choosing
from app.api.openapi import PREFIX, READING, WRITING, Id, Slug, described
from app.api.translation_schemas import (
    AnyTranslation,
    AnyTranslationPage,
    NewTranslation,
    WaitingTranslation,
    WaitingTranslationPage,
)
from app.consultations.floor import consultation_id
from app.contributions import translating
from app.moderation import translations as deciding
from app.moderation.deciding import Grounds
from app.readings.discussion import contributions
from app.readings.moderation import translations

router = APIRouter(tags=["Translations"])
_BODILESS = tuple(each for each in WRITING if each != "too-large")


class Listing(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = AnyTranslation


class TakingAway(queries.Nothing):
    """Why a translation is taken away, by others than its translator."""

    reason: str | None = Field(None, max_length=2_000, description="Its translator is told, and it is public.")


class Queueing(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = WaitingTranslation


@router.get(
    "/contributions/{id}/translations",
    **described(AnyTranslationPage, "Those that stand first.", query=Listing, errors=(*READING, "gone")),
)
async def list_translations(request: Request, id: Id) -> Response:
    """The translations of a public contribution. Their translators, and moderators, also see what does not stand."""
    asked = bodies.query(request, Listing)
    actor, contribution = await auth.caller(request), bodies.identifier(id)
    async with request.app.state.database.reading() as connection:
        document, _revision = await contributions.by_id(connection, contribution, reading.base_of(request))
    items = orjson.loads(document)["translations"]
    if actor.person is not None:
        async with request.app.state.database.writing() as session:
            items += await translations.unseen(session, actor, contribution)
    part, cursor = reading.part(items, asked, f"{contribution}:translations")
    private_to_them = {"cache-control": reading.PRIVATE}
    return await reading.page(request, asked, reading.texts(part), cursor, headers=private_to_them)


@router.post(
    "/contributions/{id}/translations",
    **described(
        AnyTranslation, "It stands or, where `status` is `waiting`, a moderator reads it first.", status=201,
        body=NewTranslation, errors=WRITING, key="needed", headers={"Location": "Address of the contribution."},
    ),
)  # fmt: skip
async def offer_translation(request: Request, id: Id) -> Response:
    """Say a public contribution in another language. A second one of yours takes the place of the first."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    contribution = bodies.identifier(id)
    raw = await bodies.raw_body(request)
    given = bodies.body(request, NewTranslation, raw).wording()

    async def work(session: AsyncSession) -> Answer:
        made = await translating.offer(session, actor, contribution, given)
        return Answer(201, f"{PREFIX}/contributions/{contribution}", made.id)

    done = await writing.done(request, actor, raw, work)
    assert isinstance(done.subject, UUID)
    async with request.app.state.database.writing() as session:
        shown = await translations.one(session, done.subject)
    headers = {"location": f"{reading.base_of(request)}{done.location}"}
    return await reading.answer(request, orjson.dumps(shown), status=done.status, headers=headers)


@router.put(
    "/contributions/{id}/translations/{translation}/approval",
    **described(None, "You approve it.", status=204, errors=_BODILESS, key="needed"),
)
async def approve_translation(request: Request, id: Id, translation: Id) -> Response:
    """Say, as the author of the original, that a translation says the same."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    contribution, approved = bodies.identifier(id), bodies.identifier(translation)

    async def work(session: AsyncSession) -> Answer:
        await translating.approve(session, actor, contribution, approved)
        return Answer(204)

    await writing.done(request, actor, b"", work)
    return Response(status_code=204, headers={"cache-control": reading.PRIVATE})


@router.delete(
    "/contributions/{id}/translations/{translation}",
    **described(None, "It is gone.", status=204, query=TakingAway, errors=_BODILESS, key="needed"),
)
async def take_translation_away(request: Request, id: Id, translation: Id) -> Response:
    """Take your own translation back, for good; or, as the author of the original or a moderator, another's away."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    asked = bodies.query(request, TakingAway)
    contribution, gone = bodies.identifier(id), bodies.identifier(translation)

    async def work(session: AsyncSession) -> Answer:
        await deciding.take_away(session, actor, contribution, gone, Grounds(asked.reason))
        return Answer(204)

    await writing.done(request, actor, b"", work)
    return Response(status_code=204, headers={"cache-control": reading.PRIVATE})


@router.get(
    "/consultations/{slug}/queue/translations",
    **described(WaitingTranslationPage, "Oldest first.", query=Queueing, errors=(*READING, "forbidden"), key="needed"),
)
async def read_waiting_translations(request: Request, slug: Slug) -> Response:
    """The translations that wait for a moderator. Needs a key with the scope `moderate`."""
    actor = await auth.key_holder(request)
    asked = bodies.query(request, Queueing)
    async with request.app.state.database.writing() as session:
        consultation = await consultation_id(session, bodies.slug(slug))
        page = await translations.waiting(session, actor, consultation, asked.limit, asked.cursor)
    return await reading.page(request, asked, reading.texts(each.json() for each in page.items), page.next, None)
