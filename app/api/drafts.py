"""Drafts of recommendations: begun, written, resting on citations, and published. For those who write the outcome."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, writing
from app.api.choosing import Choosing
from app.api.draft_schemas import (
    NewCitation,
    NewDraft,
    NewPublication,
    RecommendationDraft,
    RecommendationDraftPage,
    RecommendationWords,
)
from app.api.openapi import PREFIX, READING, WRITING, Slug, described
from app.api.recommendation_schemas import Recommendation
from app.consultations.floor import consultation_id
from app.language import gettext as _
from app.permissions import Actor
from app.readings.outcome import drafts_of_outcome as readings
from app.readings.outcome import recommendations
from app.synthesis import actions, citing

router = APIRouter(prefix="/consultations/{slug}/drafts", tags=["Outcome"])
Draft = Annotated[str, Path(description="The recommendation’s id.", json_schema_extra={"format": "uuid"})]
_LOCATION = {"Location": "Its address."}


class DraftsQuery(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = RecommendationDraft


@router.get(
    "",
    **described(
        RecommendationDraftPage, "Newest first.", query=DraftsQuery, errors=(*READING, "forbidden"), key="needed",
        headers={"Link": "The next page."},
    ),
)  # fmt: skip
async def list_drafts(request: Request, slug: Slug) -> Response:
    """The drafts of recommendations. Needs a key of a rapporteur with the scope `moderate`."""
    actor = await auth.key_holder(request)
    asked = bodies.query(request, DraftsQuery)
    slug, base = bodies.slug(slug), reading.base_of(request)
    async with request.app.state.database.writing() as session:
        consultation = await consultation_id(session, slug)
        drafts, _public = await readings.work(session, actor, consultation)
    part, following = reading.part(drafts, asked, f"{consultation}:drafts")
    items = reading.texts(each.json(f"{base}/c/{slug}/") for each in part)
    return await reading.page(request, asked, items, following, None)


@router.get("/{draft}", **described(RecommendationDraft, errors=(*READING, "forbidden"), key="needed"))
async def read_draft(request: Request, slug: Slug, draft: Draft) -> Response:
    """One draft. Needs a key of a rapporteur with the scope `moderate`."""
    actor = await auth.key_holder(request)
    bodies.query(request, queries.Nothing)
    return await _shown(request, actor, bodies.slug(slug), _id(draft))


@router.post(
    "",
    **described(
        RecommendationDraft, "It is begun.", status=201, body=NewDraft, errors=WRITING, key="needed", headers=_LOCATION
    ),
)  # fmt: skip
async def begin_draft(request: Request, slug: Slug) -> Response:
    """Begin a recommendation, or a new version of one that is public. Needs the scope `moderate`."""
    actor, slug, raw = await _writing(request, slug)
    given = bodies.body(request, NewDraft, raw)
    if (given.words is None) == (given.recommendation is None):
        raise errors.Invalid({"words": _("Give either the words, or the number of a recommendation.")})

    async def work(session: AsyncSession) -> Answer:
        consultation = await consultation_id(session, slug)
        if given.words is not None:
            id = (await actions.begin(session, actor, consultation, given.words.wording())).id
        else:
            id = await readings.numbered(session, actor, consultation, given.recommendation or 0)
            await actions.revise(session, actor, id)
        return Answer(201, f"{PREFIX}/consultations/{slug}/drafts/{id}", id)

    done = await writing.done(request, actor, raw, work)
    return await _shown(request, actor, slug, _subject(done), done)


@router.put("/{draft}", **described(RecommendationDraft, body=RecommendationWords, errors=WRITING, key="needed"))
async def write_draft(request: Request, slug: Slug, draft: Draft) -> Response:
    """Say all of it otherwise. Needs the scope `moderate`."""
    actor, slug, raw = await _writing(request, slug)
    given, id = bodies.body(request, RecommendationWords, raw), _id(draft)

    async def work(session: AsyncSession) -> Answer:
        await readings.draft(session, actor, await consultation_id(session, slug), id)
        await actions.write(session, actor, id, given.wording())
        return Answer(200, None, id)

    await writing.done(request, actor, raw, work)
    return await _shown(request, actor, slug, id)


@router.post(
    "/{draft}/citations",
    **described(RecommendationDraft, "It is cited.", status=201, body=NewCitation, errors=WRITING, key="needed"),
)
async def cite_in_draft(request: Request, slug: Slug, draft: Draft) -> Response:
    """Let a draft rest on a public contribution, or name it as disagreeing. Needs the scope `moderate`."""
    actor, slug, raw = await _writing(request, slug)
    given, id = bodies.body(request, NewCitation, raw), _id(draft)

    async def work(session: AsyncSession) -> Answer:
        await readings.draft(session, actor, await consultation_id(session, slug), id)
        await citing.cite(
            session, actor, id, given.contribution,
            revision=given.revision, passage=given.passage or "", stance=given.stance,
        )  # fmt: skip
        return Answer(201, None, id)

    return await _shown(request, actor, slug, id, await writing.done(request, actor, raw, work))


@router.post(
    "/{draft}/publication",
    **described(
        Recommendation, "It is public.", status=201, body=NewPublication, errors=WRITING, key="needed",
        headers=_LOCATION,
    ),
)  # fmt: skip
async def publish_draft(request: Request, slug: Slug, draft: Draft) -> Response:
    """Open it for comment, or make it final: what is public never changes. Needs the scope `moderate`."""
    actor, slug, raw = await _writing(request, slug)
    given, id = bodies.body(request, NewPublication, raw), _id(draft)

    async def work(session: AsyncSession) -> Answer:
        consultation = await consultation_id(session, slug)
        await readings.draft(session, actor, consultation, id)
        await actions.publish(session, actor, id, given.stage, acknowledged=given.acknowledged)
        number = await readings.number_of(session, id)
        return Answer(201, f"{PREFIX}/consultations/{slug}/recommendations/{number}", id)

    done = await writing.done(request, actor, raw, work)
    base, number = reading.base_of(request), int((done.location or "").rpartition("/")[2])
    async with request.app.state.database.writing() as session:
        consultation = await consultation_id(session, slug)
    async with request.app.state.database.reading() as connection:
        found = await recommendations.recommendation(connection, consultation, number)
    headers = {"location": f"{base}{done.location}"}
    return await reading.answer(request, orjson.dumps(found.json(base, slug)), status=done.status, headers=headers)


async def _writing(request: Request, slug: str) -> tuple[Actor, str, bytes]:
    """Who writes, in which consultation, and the bytes that were sent."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    slug = bodies.slug(slug)
    return actor, slug, await bodies.raw_body(request)


async def _shown(request: Request, actor: Actor, slug: str, id: UUID, done: Answer | None = None) -> Response:
    base = reading.base_of(request)
    async with request.app.state.database.writing() as session:
        found = await readings.draft(session, actor, await consultation_id(session, slug), id)
    headers = {"location": f"{base}{done.location}"} if done is not None and done.location else {}
    content = orjson.dumps(found.json(f"{base}/c/{slug}/"))
    return await reading.answer(request, content, status=done.status if done else 200, headers=headers)


def _id(value: str) -> UUID:
    try:
        return bodies.identifier(value)
    except errors.NotFound:
        raise errors.NotFound(_("There is no such draft.")) from None


def _subject(done: Answer) -> UUID:
    assert isinstance(done.subject, UUID)
    return done.subject
