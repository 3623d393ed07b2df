"""The desk, `/c/{consultation}/moderate`: what waits, oldest first, each with what it answers or changes."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.moderation.actions import VERBS
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.moderation import queue
from app.web.kit.faults import status_of
from app.web.kit.grounds import identifier_in, optional_in
from app.web.kit.visit import Visit, Visiting
from app.web.moderation import desk_filters, desk_items
from app.web.moderation.desk_filters import filters_in
from app.web.moderation.desk_items import Refused

router = APIRouter()
PAGE = 10  # a page with its forms must be there at once after each decision


@router.get("/c/{slug}/moderate")
@router.get("/c/{slug}/moderate/queue")
async def desk(visit: Visiting, slug: str) -> Response:
    """One page of what waits."""
    return await _show(visit, await view_of(visit, slug))


@router.post("/c/{slug}/moderate")
@router.post("/c/{slug}/moderate/queue")
async def decide(visit: Visiting, slug: str) -> Response:
    """Decide about one item. What cannot be done is said above its form, which keeps what was written."""
    sent, _signed_in, consultation = await visit.form(), visit.person, await view_of(visit, slug)
    act, id = desk_items.act_in(sent), identifier_in(sent, "contribution")
    grounds = desk_items.grounds_of(sent, consultation)
    try:
        async with visit.database.writing() as session:
            await VERBS[act](session, visit.actor, id, identifier_in(sent, "revision"), grounds)
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, consultation, Refused(id, act, grounds, error))
    following = optional_in(sent, "next")
    query = filters_in(visit.request.query_params).query(cursor=_cursor(visit))
    return visit.go(f"{visit.request.url.path}{query}{f'#q{following}' if following else ''}", done=act)


async def view_of(visit: Visit, slug: str) -> ConsultationView:
    """The consultation. Raises NotFound."""
    async with visit.database.reading() as connection:
        return await consultations.consultation(connection, slug)


async def _show(visit: Visit, consultation: ConsultationView, refused: Refused | None = None) -> Response:
    filters, cursor = filters_in(visit.request.query_params), _cursor(visit)
    async with visit.database.writing() as session:
        found = await queue.queue(session, visit.actor, consultation.id, PAGE, cursor, filters.asked)
        counts = await queue.counts(session, visit.actor, consultation.id, filters.counted)
        languages, organisations = await queue.choices(session, visit.actor, consultation.id)
    promise = consultation.details.get("answered_within_hours")
    return visit.page(
        "moderation/desk.html",
        status=status_of(refused.error) if refused else 200,
        consultation=consultation,
        items=_items(visit, found, consultation, refused),
        next=filters.query(cursor=found.next) if found.next else None,
        filters=filters,
        query=filters.query(cursor=cursor),
        choices=desk_filters.choices(consultation, languages, organisations, promises=promise is not None),
        tabs=desk_filters.tabs(filters, counts),
        counts=counts,
        promise=promise,
        rules=consultation.details["rules"],
        desk=desk_items,
        organises=visit.may("consultation.define", Thing(consultation.id)),
        whole=visit.may("contribution.decide", Thing(consultation.id)),
        message=refused.message if refused else "",
        lost=refused if refused and all(item.contribution != refused.contribution for item in found.items) else None,
    )


def _items(
    visit: Visit, found: queue.Queue, consultation: ConsultationView, refused: Refused | None
) -> list[dict[str, Any]]:
    following = [*(item.contribution for item in found.items[1:]), None]
    return [
        desk_items.prepared(item, consultation, refused)
        | {"next": after, "in_hand": desk_items.in_hand(item.in_hand, visit.actor.person, consultation.zone)}
        for item, after in zip(found.items, following, strict=False)
    ]


def _cursor(visit: Visit) -> str | None:
    return visit.request.query_params.get("cursor")
