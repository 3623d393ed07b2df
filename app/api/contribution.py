"""One contribution: read, edited, withdrawn or erased; its revisions and its thread."""

import re
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, shown, writing
from app.api.choosing import Choosing
from app.api.openapi import READING, WRITING, Id, described
from app.api.problems import PreconditionRequired
from app.api.requests import Edit, RemovalReason
from app.api.schemas import Contribution, ContributionPage, Revision, RevisionPage
from app.contributions import actions
from app.language import gettext as _
from app.moderation import erasing
from app.permissions import Actor
from app.readings import cursors, versions
from app.readings.discussion import private, revisions, thread_items

router = APIRouter(prefix="/contributions/{id}", tags=["Contributions"])
_TAG = re.compile(r'(?:W/)?"(\d{1,9})-\d{1,18}(?:-d)?"')
_ETAG = {"ETag": '`"R-S"`: its latest revision and its `seq`.'}
_MERGED = {308: {"description": "It was merged: `Location` is the survivor's."}}
_WAITS = {202: {"description": "The edit waits for a moderator; the public revision stays.", "model": Contribution}}


class One(Choosing, queries.Nothing):
    """Which fields of a contribution."""

    shape = Contribution


class Revisions(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = Revision


class Thread(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = Contribution


@router.get(
    "",
    **described(
        Contribution, "As the caller may see it.", query=One, errors=(*READING, "gone"), headers=_ETAG, also=_MERGED
    ),
)
async def get_contribution(request: Request, id: Id) -> Response:
    """One contribution. Its author and moderators also see it while it is not public."""
    asked = bodies.query(request, One)
    return await shown.to_anyone(request, await auth.caller(request), bodies.identifier(id), asked)


@router.patch(
    "",
    **described(
        Contribution, "As it is now.", body=Edit, key="needed", headers=_ETAG, also=_WAITS,
        errors=(*WRITING, "closed", "gone", "precondition-failed", "precondition-required"),
    ),
)  # fmt: skip
async def edit_contribution(request: Request, id: Id) -> Response:
    """Write a new revision, or lower the byline. `If-Match` says which revision was edited."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    contribution = bodies.identifier(id)
    raw = await bodies.raw_body(request)
    changes = bodies.body(request, Edit, raw).changes()
    match = _if_match(request)

    async def edit(session: AsyncSession) -> Answer:
        based_on = await _based_on(session, actor, contribution, match)
        edited = await actions.edit(session, actor, contribution, based_on, changes)
        return Answer(202 if edited.waits_since is not None else 200, None, contribution)

    return await shown.after_writing(request, actor, await _done(request, actor, contribution, raw, edit))


@router.delete(
    "",
    **described(
        None, "It is gone.", status=204, query=queries.Removal, body=RemovalReason, key="needed",
        errors=(*WRITING, "gone"),
    ),
)  # fmt: skip
async def remove_contribution(request: Request, id: Id) -> Response:
    """Withdraw it or, with `erase=true`, destroy its texts. Organisers who erase give a reason, in address or body."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    asked = bodies.query(request, queries.Removal)
    contribution = bodies.identifier(id)
    raw = await bodies.raw_body(request)
    reason = bodies.body(request, RemovalReason, raw).reason if raw else asked.reason

    async def remove(session: AsyncSession) -> Answer:
        if asked.erase:
            await erasing.erase(session, actor, contribution, reason)
        else:
            await actions.withdraw(session, actor, contribution)
        return Answer(204)

    await _done(request, actor, contribution, raw, remove)
    return Response(status_code=204, headers={"cache-control": reading.PRIVATE})


@router.get(
    "/revisions",
    **described(RevisionPage, "Oldest first.", query=Revisions, errors=(*READING, "gone"), also=_MERGED),
)
async def list_revisions(request: Request, id: Id) -> Response:
    """The revisions of a published contribution that are or were public."""
    asked = bodies.query(request, Revisions)
    await auth.caller(request)
    contribution, purpose = bodies.identifier(id), f"{id}:revisions"
    after = cursors.unseal(purpose, asked.cursor)[0] if asked.cursor is not None else 0
    async with request.app.state.database.reading() as connection:
        tag = reading.tag_of(request, await versions.version_around(connection, contribution))
        if reading.is_known(request, tag):
            return reading.unchanged(request, tag)
        found = await revisions.history(connection, contribution, reading.base_of(request), after, asked.limit + 1)
    shown_now = found[: asked.limit]
    cursor = cursors.seal(purpose, [shown_now[-1].number]) if len(found) > asked.limit else None
    return await reading.page(request, asked, reading.texts(each.json() for each in shown_now), cursor, tag)


@router.get(
    "/thread",
    **described(ContributionPage, "In reading order.", query=Thread, errors=(*READING, "gone"), also=_MERGED),
)
async def list_thread(request: Request, id: Id) -> Response:
    """The whole thread that a contribution is in: the root first, each reply beneath what it answers."""
    asked = bodies.query(request, Thread)
    await auth.caller(request)
    contribution = bodies.identifier(id)
    async with request.app.state.database.reading() as connection:
        tag = reading.tag_of(request, await versions.version_around(connection, contribution))
        if reading.is_known(request, tag):
            return reading.unchanged(request, tag)
        page = await thread_items.thread_items(
            connection, contribution, reading.base_of(request), asked.limit, asked.cursor
        )
    return await reading.page(request, asked, page.items, page.next, tag)


async def _done(request: Request, actor: Actor, contribution: UUID, raw: bytes, work: writing.Work) -> Answer:
    """As `writing.done`. Nobody knows any more whose an erased text was: who erases again hears what readers hear."""
    try:
        return await writing.done(request, actor, raw, work)
    except errors.Forbidden:
        await shown.require_not_erased(request, contribution)
        raise


def _if_match(request: Request) -> frozenset[int] | None:
    """The revisions that If-Match names; None for any. Raises PreconditionRequired where there is no such header."""
    given = request.headers.get("if-match")
    if given is None:
        raise PreconditionRequired(
            _('Say which revision you edited: send the contribution’s ETag as If-Match, such as "1-117".')
        )
    return None if given.strip() == "*" else frozenset(int(revision) for revision in _TAG.findall(given))


async def _based_on(session: AsyncSession, actor: Actor, contribution: UUID, match: frozenset[int] | None) -> int:
    """The revision that the edit is based on: the one named or, of several or any, the latest if it is among them."""
    if match is not None and len(match) == 1:
        return next(iter(match))
    own = await private.own(session, replace(actor, scopes=None), contribution, "")  # the act asks for its own scope
    if own is None or match is None:
        return own.latest if own else 0
    if own.latest not in match:
        raise errors.PreconditionFailed(
            _("This text was edited meanwhile: the latest revision is %(latest)s.", latest=own.latest),
            latest=own.latest,
        )
    return own.latest
