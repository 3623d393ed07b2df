"""One item of the desk in its context, `/c/{consultation}/moderate/{id}`: taken in hand, decided, on to the next."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.database.races import once_more
from app.language import gettext as _
from app.moderation import claims
from app.moderation.actions import VERBS
from app.permissions import Thing
from app.readings.consultation_views import ConsultationView
from app.readings.mailed import originals_of
from app.readings.moderation import desk, queue
from app.readings.moderation.desk import InContext
from app.web.kit.faults import status_of
from app.web.kit.grounds import optional_in
from app.web.kit.visit import Visit, Visiting
from app.web.moderation import desk_items
from app.web.moderation.desk_filters import filters_in
from app.web.moderation.desk_items import Refused
from app.web.moderation.queue import view_of

router = APIRouter()


@router.get("/c/{slug}/moderate/{id:uuid}")
async def item(visit: Visiting, slug: str, id: UUID) -> Response:
    """One contribution with everything that helps to decide. Reading it claims nothing."""
    return await _show(visit, await view_of(visit, slug), id)


@router.post("/c/{slug}/moderate/{id:uuid}")
async def decide(visit: Visiting, slug: str, id: UUID) -> Response:
    """Decide, and go on to the next item that is free, which is then in hand."""
    sent, consultation = await visit.form(), await view_of(visit, slug)
    act, grounds = desk_items.act_in(sent), desk_items.grounds_of(sent, consultation)
    try:
        async with visit.database.writing() as session:
            await _require_here(session, visit, consultation, id)
            if sent.get("held") == "1":
                await claims.require_not_taken(session, visit.actor, id)
            await VERBS[act](session, visit.actor, id, optional_in(sent, "revision"), grounds)
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, consultation, id, Refused(id, act, grounds, error))
    return await _on_to_next(visit, consultation, id, str(sent.get("place", "")) or None, act)


@router.post("/c/{slug}/moderate/{id:uuid}/claim")
async def claim(visit: Visiting, slug: str, id: UUID) -> Response:
    """Take an item in hand, and open it."""
    await visit.form()
    consultation = await view_of(visit, slug)
    try:
        async with visit.database.writing() as session:
            await _require_here(session, visit, consultation, id)
            await claims.claim(session, visit.actor, id)
    except errors.Conflict as error:
        return await _show(visit, consultation, id, message=error)
    return visit.go(_address(visit, consultation, id), done="claimed")


@router.post("/c/{slug}/moderate/{id:uuid}/release")
async def release(visit: Visiting, slug: str, id: UUID) -> Response:
    """Give an item back, and go back to the desk."""
    await visit.form()
    consultation = await view_of(visit, slug)
    try:
        async with visit.database.writing() as session:
            await _require_here(session, visit, consultation, id)
            await claims.release(session, visit.actor, id)
    except errors.Conflict as error:
        return await _show(visit, consultation, id, message=error)
    query = filters_in(visit.request.query_params).query()
    return visit.go(f"/c/{slug}/moderate{query}#q{id}", done="released")


@router.get("/c/{slug}/moderate/{id:uuid}/next")
async def following(visit: Visiting, slug: str, id: UUID) -> Response:
    """On to the item after this one without a decision."""
    consultation = await view_of(visit, slug)
    asked = filters_in(visit.request.query_params).asked
    async with visit.database.writing() as session:
        here = (await queue.these(session, visit.actor, consultation.id, [id])).get(id)
        place = queue.place_of(consultation.id, here) if here else None
        found = await queue.queue(session, visit.actor, consultation.id, 1, place, asked)
    if not found.items or found.items[0].contribution == id:
        return visit.go(_desk(visit, consultation))
    return visit.go(_address(visit, consultation, found.items[0].contribution))


async def _require_here(session: Any, visit: Visit, consultation: ConsultationView, id: UUID) -> None:
    """Raises NotFound for another consultation's contribution, Forbidden for who is no moderator."""
    if id not in await queue.these(session, visit.actor, consultation.id, [id]):
        raise errors.NotFound(_("There is no such contribution."))


async def _on_to_next(
    visit: Visit, consultation: ConsultationView, decided: UUID, place: str | None, act: str
) -> Response:
    """To the next item that nobody else has in hand, after the last to the first; to the desk where none is left."""
    asked = filters_in(visit.request.query_params).asked
    free = replace(asked, free=visit.actor.person)
    async with visit.database.writing() as session:
        found = await queue.queue(session, visit.actor, consultation.id, 1, place, free)
        if not found.items and place is not None:
            found = await queue.queue(session, visit.actor, consultation.id, 1, None, free)
    following = next((item.contribution for item in found.items if item.contribution != decided), None)
    if following is None:
        return visit.go(_desk(visit, consultation), done=act)
    try:
        await once_more(lambda: _claim(visit, following))  # the decision stands: the page cannot be made once more
    except errors.Conflict:
        return visit.go(_desk(visit, consultation), done=act)
    return visit.go(_address(visit, consultation, following), done=act)


async def _claim(visit: Visit, id: UUID) -> None:
    async with visit.database.writing() as session:
        await claims.claim(session, visit.actor, id)


async def _show(
    visit: Visit, consultation: ConsultationView, id: UUID, refused: Refused | None = None,
    message: errors.PlenaryError | None = None,
) -> Response:  # fmt: skip
    async with visit.database.writing() as session:
        found = await desk.in_context(session, visit.actor, consultation.id, id)
        mails = await originals_of(session, visit.actor, consultation.id, id)
    error = refused.error if refused else message
    query = filters_in(visit.request.query_params).query()
    return visit.page(
        "moderation/desk_item.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        found=found,
        mails=mails,
        each=desk_items.prepared(found.item, consultation, refused, found.previous)
        | {"in_hand": desk_items.in_hand(found.item.in_hand, visit.actor.person, consultation.zone)},
        place=queue.place_of(consultation.id, found.item),
        rules=consultation.details["rules"],
        desk=desk_items,
        query=query,
        message=refused.message if refused else message.message if message else "",
        refused=refused,
        **_hands(visit, consultation, found),
    )


def _hands(visit: Visit, consultation: ConsultationView, found: InContext) -> dict[str, Any]:
    held, appeal = found.item.in_hand, found.appeal
    topic = consultation.topic(found.item.topic).id
    return {
        "mine": held is not None and held.person == visit.actor.person,
        "may_release": held is not None
        and visit.may("claim.release", Thing(consultation.id, held.person, topic=topic)),
        "may_answer": appeal is not None and appeal.may_answer,
    }


def _desk(visit: Visit, consultation: ConsultationView) -> str:
    return f"/c/{consultation.slug}/moderate{filters_in(visit.request.query_params).query()}"


def _address(visit: Visit, consultation: ConsultationView, id: UUID) -> str:
    return f"/c/{consultation.slug}/moderate/{id}{filters_in(visit.request.query_params).query()}"
