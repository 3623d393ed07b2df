"""What participants ask of moderators: flags and appeals; and the answers to appeals."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Request, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.idempotency import Answer
from app.accounts.vocabulary import Byline
from app.api import auth, bodies, queries, reading, writing
from app.api.openapi import PREFIX, READING, WRITING, Id, Slug, described
from app.api.queue_schemas import Name
from app.api.requests import AppealAnswer, NewAppeal, NewFlag
from app.api.schemas import Kind, Shape, Status
from app.consultations.floor import consultation_id
from app.moderation import appeals, flags
from app.readings import appeals as appeal_readings
from app.readings import flags as flag_readings

router = APIRouter(tags=["Flags and appeals"])
AppealId = Annotated[str, Path(description="The appeal's id.", json_schema_extra={"format": "uuid"})]
_MODERATORS = (*READING, "forbidden")


class Flag(Shape):
    """A flag, for who raised it."""

    id: UUID
    contribution: UUID
    number: int
    rule: str | None
    note: str | None
    created: datetime
    outcome: str | None = Field(description="`upheld`, `dismissed` or `moot`; null while it is open.")
    closed: datetime | None


class Report(Shape):
    """What one participant reported. Who, nobody is told."""

    id: UUID
    rule: str | None
    note: str | None
    created: datetime
    earlier_text: bool = Field(description="It is about a text that was edited since.")


class Judged(Shape):
    """A text that moderators look at. What its byline withholds is withheld here too."""

    contribution: UUID
    number: int | None
    status: Status
    topic: str
    kind: Kind
    title: str | None
    body: str | None
    html: str | None
    language: str
    byline: Byline
    author: Name | None
    organisation: Name | None


class Flagged(Judged):
    """A contribution with open flags."""

    revision: UUID
    since: datetime
    flags: list[Report]


class FlaggedPage(Shape):
    """What is reported, longest first."""

    items: list[Flagged]
    next: str | None


class Appeal(Shape):
    """An appeal, for its author and for moderators."""

    id: UUID
    contribution: UUID
    decision: UUID
    words: str | None
    created: datetime
    outcome: str | None = Field(description="`upheld` or `overturned`: the decision; null while it waits.")
    reason: str | None
    role: str | None
    by_same: bool = Field(description="Nobody else could have decided it.")
    decided: datetime | None
    status: Status = Field(description="Of the contribution.")


class Appealed(Judged):
    """An appeal that waits."""

    id: UUID
    decision: dict[str, Any] = Field(description="`id`, `act`, `rule`, `reason`, `decided`.")
    words: str
    created: datetime
    may_answer: bool = Field(description="Who decided may not answer, while anybody else could.")


class AppealedPage(Shape):
    """Appeals that wait, oldest first."""

    items: list[Appealed]
    next: str | None


@router.post(
    "/contributions/{id}/flags",
    **described(Flag, "It was reported.", status=201, body=NewFlag, errors=WRITING, key="needed"),
)
async def flag_contribution(request: Request, id: Id) -> Response:
    """Report a published contribution to the moderators: a rule, a note, or both. You are told what became of it."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    contribution, raw = bodies.identifier(id), await bodies.raw_body(request)
    given = bodies.body(request, NewFlag, raw)

    async def work(session: AsyncSession) -> Answer:
        made = await flags.flag(session, actor, contribution, given.rule, given.note)
        return Answer(201, subject=made.id)

    done = await writing.done(request, actor, raw, work)
    async with request.app.state.database.writing() as session:
        found = await flag_readings.flag_of(session, _subject(done))
    return await reading.answer(request, orjson.dumps(found), status=done.status)


@router.get(
    "/consultations/{slug}/flags",
    **described(FlaggedPage, "Longest reported first.", query=queries.Paging, errors=_MODERATORS, key="needed"),
)
async def list_flags(request: Request, slug: Slug) -> Response:
    """Contributions with open flags. Needs a key with the scope `moderate`; never says who reported."""
    actor = await auth.key_holder(request)
    asked = bodies.query(request, queries.Paging)
    async with request.app.state.database.writing() as session:
        consultation = await consultation_id(session, bodies.slug(slug))
        page = await flag_readings.flagged(session, actor, consultation, asked.limit, asked.cursor)
    return await reading.page(request, reading.texts(each.json() for each in page.items), page.next, None)


@router.post(
    "/contributions/{id}/appeals",
    **described(Appeal, "It waits for another moderator.", status=201, body=NewAppeal, errors=WRITING, key="needed"),
)
async def appeal(request: Request, id: Id) -> Response:
    """Ask that a decision on your text be looked at again, once for each decision: by somebody else."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    contribution, raw = bodies.identifier(id), await bodies.raw_body(request)
    given = bodies.body(request, NewAppeal, raw)

    async def work(session: AsyncSession) -> Answer:
        made = await appeals.appeal(session, actor, contribution, given.words, given.decision)
        return Answer(201, subject=made.id)

    return await _appeal(request, await writing.done(request, actor, raw, work))


@router.get(
    "/consultations/{slug}/appeals",
    **described(AppealedPage, "Oldest first.", query=queries.Paging, errors=_MODERATORS, key="needed"),
)
async def list_appeals(request: Request, slug: Slug) -> Response:
    """Appeals that wait for an answer. Needs a key with the scope `moderate`."""
    actor = await auth.key_holder(request)
    asked = bodies.query(request, queries.Paging)
    async with request.app.state.database.writing() as session:
        consultation = await consultation_id(session, bodies.slug(slug))
        page = await appeal_readings.appealed(session, actor, consultation, asked.limit, asked.cursor)
    return await reading.page(request, reading.texts(each.json() for each in page.items), page.next, None)


@router.post(
    "/appeals/{id}/decision",
    **described(Appeal, "It is answered.", status=201, body=AppealAnswer, errors=WRITING, key="needed"),
)
async def answer_appeal(request: Request, id: AppealId) -> Response:
    """Answer an appeal, with a reason. Needs a key with the scope `moderate`, of another than who decided."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    which, raw = bodies.identifier(id), await bodies.raw_body(request)
    given = bodies.body(request, AppealAnswer, raw)

    async def work(session: AsyncSession) -> Answer:
        made = await appeals.decide_appeal(session, actor, which, given.outcome, given.reason)
        return Answer(201, f"{PREFIX}/contributions/{made.contribution_id}", made.id)

    return await _appeal(request, await writing.done(request, actor, raw, work))


async def _appeal(request: Request, done: Answer) -> Response:
    actor = await auth.key_holder(request)  # a key that may only write sees what it wrote
    async with request.app.state.database.writing() as session:
        found = await appeal_readings.appeal_of(session, replace(actor, scopes=None), _subject(done))
    return await reading.answer(request, orjson.dumps(found), status=done.status)


def _subject(done: Answer) -> UUID:
    assert isinstance(done.subject, UUID)
    return done.subject
