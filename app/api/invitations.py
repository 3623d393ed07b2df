"""Invitations: a moderator writes to authors through the platform, and reads what was sent, never to whom."""

from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, writing
from app.api.choosing import Choosing
from app.api.invitation_schemas import Invitation, InvitationPage, NewInvitation
from app.api.openapi import PREFIX, READING, WRITING, Slug, described
from app.consultations.floor import consultation_id
from app.moderation import inviting
from app.readings.organising import invitations

router = APIRouter(tags=["Moderation"])


class InvitationsQuery(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = Invitation


@router.get(
    "/consultations/{slug}/invitations",
    **described(InvitationPage, "Newest first.", query=InvitationsQuery, errors=(*READING, "forbidden"), key="needed"),
)
async def read_invitations(request: Request, slug: Slug) -> Response:
    """What moderators have written to authors. Needs a key with the scope `moderate`."""
    actor = await auth.key_holder(request)
    asked = bodies.query(request, InvitationsQuery)
    async with request.app.state.database.writing() as session:
        consultation = await consultation_id(session, bodies.slug(slug))
        page = await invitations.sent(session, actor, consultation, asked.limit, asked.cursor)
    return await reading.page(request, asked, reading.texts(item.json() for item in page.items), page.next, None)


@router.post(
    "/consultations/{slug}/invitations",
    **described(
        Invitation, "The letter is on its way.", status=201, body=NewInvitation, errors=WRITING, key="needed",
        headers={"Location": "Address of the list of what was sent."},
    ),
)  # fmt: skip
async def invite(request: Request, slug: Slug) -> Response:
    """Write to the author of a contribution, or to all who wrote in a topic or on a guiding question.

    Needs the scope `moderate`. Nobody learns who receives it, nor whether one letter arrived.
    """
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    slug = bodies.slug(slug)
    raw = await bodies.raw_body(request)
    given = bodies.body(request, NewInvitation, raw)

    async def work(session: AsyncSession) -> Answer:
        consultation = await consultation_id(session, slug)
        made = await inviting.invite(session, actor, consultation, given.to(), given.subject, given.words)
        return Answer(201, f"{PREFIX}/consultations/{slug}/invitations", made.id)

    done = await writing.done(request, actor, raw, work)
    assert isinstance(done.subject, UUID)
    async with request.app.state.database.writing() as session:
        sent = await invitations.sent_one(session, actor, done.subject)
    headers = {"location": f"{reading.base_of(request)}{done.location}"}
    return await reading.answer(request, orjson.dumps(sent.json()), status=done.status, headers=headers)
