"""Webhooks of a consultation: listed, made, looked at, removed, and let go on from an entry."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, writing
from app.api.choosing import Choosing
from app.api.openapi import PREFIX, READING, WRITING, Slug, described
from app.api.webhook_schemas import (
    NewlyMadeWebhook,
    NewWebhook,
    Replay,
    Webhook,
    WebhookPage,
    WebhookWithAttempts,
)
from app.language import gettext as _
from app.notifications.webhooks import actions, listing
from app.permissions import Actor

router = APIRouter(prefix="/consultations/{slug}/webhooks", tags=["Webhooks"])
Which = Annotated[str, Path(description="The webhook’s id.", json_schema_extra={"format": "uuid"})]
_READING = (*READING, "forbidden")


class WebhooksQuery(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = Webhook


@router.get("", **described(WebhookPage, "Oldest first.", query=WebhooksQuery, errors=_READING, key="needed"))
async def list_webhooks(request: Request, slug: Slug) -> Response:
    """The webhooks of a consultation. Needs the scope `moderate` and a moderator, as all here."""
    actor = await auth.key_holder(request)
    asked = bodies.query(request, WebhooksQuery)
    consultation = await _consultation(request, slug)
    async with request.app.state.database.writing() as session:
        found = await listing.webhooks_of(session, actor, consultation, attempts=0)
    shown, cursor = reading.part(found, asked, f"{slug}:webhooks")
    return await reading.page(request, asked, reading.texts(each.json() for each in shown), cursor, None)


@router.post(
    "",
    **described(
        NewlyMadeWebhook, "It gets every entry from now on.", status=201, body=NewWebhook, errors=WRITING,
        key="needed", headers={"Location": "Its address."},
    ),
)  # fmt: skip
async def make_webhook(request: Request, slug: Slug) -> Response:
    """Have entries of the public record brought to an address, in order, each signed with the webhook's secret."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    raw = await bodies.raw_body(request)
    given = bodies.body(request, NewWebhook, raw)
    consultation = await _consultation(request, slug)

    async def work(session: AsyncSession) -> Answer:
        made = await actions.make(session, actor, consultation, given.url, given.kinds)
        return Answer(201, f"{PREFIX}/consultations/{slug}/webhooks/{made.id}", made.id)

    done = await writing.done(request, actor, raw, work)
    assert isinstance(done.subject, UUID)
    async with request.app.state.database.writing() as session:
        made = await listing.webhook_of(session, actor, consultation, done.subject, attempts=0)
        secret = await listing.secret_of(session, actor, consultation, done.subject)
    headers = {"location": f"{reading.base_of(request)}{done.location}"}
    return await reading.answer(request, orjson.dumps({**made.json(), "secret": secret}), status=201, headers=headers)


@router.get("/{webhook}", **described(WebhookWithAttempts, errors=_READING, key="needed"))
async def get_webhook(request: Request, slug: Slug, webhook: Which) -> Response:
    """One webhook, and the newest attempts with what was answered."""
    actor = await auth.key_holder(request)
    bodies.query(request, queries.Nothing)
    return await _shown(request, actor, await _consultation(request, slug), _identifier(webhook))


@router.delete("/{webhook}", **described(None, "It is removed.", status=204, errors=WRITING, key="needed"))
async def remove_webhook(request: Request, slug: Slug, webhook: Which) -> Response:
    """Give it up."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    consultation, id = await _consultation(request, slug), _identifier(webhook)

    async def work(session: AsyncSession) -> Answer:
        await actions.remove(session, actor, consultation, id)
        return Answer(204)

    await writing.done(request, actor, b"", work)
    return Response(status_code=204, headers={"cache-control": reading.PRIVATE})


@router.post(
    "/{webhook}/replay",
    **described(Webhook, "It goes on at once.", body=Replay, errors=WRITING, key="needed"),
)
async def replay_webhook(request: Request, slug: Slug, webhook: Which) -> Response:
    """Let it go on, paused or not: from an entry or, without `seq`, where it stopped. What it had comes again."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    raw = await bodies.raw_body(request)
    given = bodies.body(request, Replay, raw)
    consultation, id = await _consultation(request, slug), _identifier(webhook)

    async def work(session: AsyncSession) -> Answer:
        await actions.replay(session, actor, consultation, id, given.seq)
        return Answer(200, None, id)

    await writing.done(request, actor, raw, work)
    return await _shown(request, actor, consultation, id, attempts=0)


async def _shown(request: Request, actor: Actor, consultation: UUID, id: UUID, attempts: int = 50) -> Response:
    async with request.app.state.database.writing() as session:
        found = await listing.webhook_of(session, actor, consultation, id, attempts)
    more: dict[str, Any] = {"attempts": [each.json() for each in found.attempts]} if attempts else {}
    return await reading.answer(request, orjson.dumps({**found.json(), **more}))


async def _consultation(request: Request, slug: str) -> UUID:
    return (await reading.latest(request, bodies.slug(slug))).consultation


def _identifier(value: str) -> UUID:
    try:
        return bodies.identifier(value)
    except errors.NotFound:
        raise errors.NotFound(_("There is no such webhook.")) from None
