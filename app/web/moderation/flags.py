"""`/c/{consultation}/moderate/flags`: what participants have reported, never by whom."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.moderation.actions import VERBS
from app.moderation.deciding import NO_GROUNDS, Grounds
from app.readings import consultations
from app.readings.moderation.flags import flagged
from app.web.kit.contribution_form import Faults
from app.web.kit.faults import status_of
from app.web.kit.grounds import grounds_in, identifier_in
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
PAGE = 20
Refused = tuple[UUID, Grounds, errors.PlenaryError]


@router.get("/c/{slug}/moderate/flags")
async def flags(visit: Visiting, slug: str, cursor: str | None = None) -> Response:
    """One page of what is reported, longest first."""
    return await _show(visit, slug, cursor)


@router.post("/c/{slug}/moderate/flags")
async def dismiss(visit: Visiting, slug: str) -> Response:
    """Find a contribution in order. What cannot be done is said above its form, which keeps what was written."""
    sent, _signed_in = await visit.form(), visit.person
    id, revision, grounds = identifier_in(sent, "contribution"), identifier_in(sent, "revision"), grounds_in(sent)
    try:
        async with visit.database.writing() as session:
            await VERBS["dismiss"](session, visit.actor, id, revision, grounds)
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, slug, None, (id, grounds, error))
    return visit.go(f"/c/{slug}/moderate/flags", done="dismissed")


async def _show(visit: Visit, slug: str, cursor: str | None, refused: Refused | None = None) -> Response:
    _signed_in = visit.person
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    async with visit.database.writing() as session:
        found = await flagged(session, visit.actor, consultation.id, PAGE, cursor)
    id, grounds, error = refused or (None, NO_GROUNDS, None)
    faults = Faults(error.fields if isinstance(error, errors.Invalid) else {})
    return visit.page(
        "moderation/flags.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        items=[
            {"item": item, "grounds": grounds if item.contribution == id else NO_GROUNDS,
             "faults": faults if item.contribution == id else Faults()}
            for item in found.items
        ],
        next=found.next,
        rules=consultation.details["rules"],
        message=error.message if error and not faults else "",
        lost=grounds.reason if error and all(item.contribution != id for item in found.items) else None,
    )  # fmt: skip
