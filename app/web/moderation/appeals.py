"""`/c/{consultation}/moderate/appeals`: appeals that wait for an answer."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.moderation.appeals import decide_appeal
from app.readings import consultations
from app.readings.moderation.appeals import appealed
from app.web.kit.contribution_form import Faults
from app.web.kit.entries import rule_in_words
from app.web.kit.faults import status_of
from app.web.kit.grounds import identifier_in
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
PAGE = 20
Refused = tuple[UUID, str, str, errors.PlenaryError]


@router.get("/c/{slug}/moderate/appeals")
async def appeals(visit: Visiting, slug: str, cursor: str | None = None) -> Response:
    """One page of what waits, oldest first."""
    return await _show(visit, slug, cursor)


@router.post("/c/{slug}/moderate/appeals")
async def answer(visit: Visiting, slug: str) -> Response:
    """Answer one. What cannot be done is said above its form, which keeps what was written."""
    sent, _signed_in = await visit.form(), visit.person
    id, outcome, reason = identifier_in(sent, "appeal"), str(sent.get("outcome", "")), str(sent.get("reason", ""))
    try:
        async with visit.database.writing() as session:
            await decide_appeal(session, visit.actor, id, outcome, reason)
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, slug, None, (id, outcome, reason, error))
    return visit.go(f"/c/{slug}/moderate/appeals", done="answered")


async def _show(visit: Visit, slug: str, cursor: str | None, refused: Refused | None = None) -> Response:
    _signed_in = visit.person
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    async with visit.database.writing() as session:
        found = await appealed(session, visit.actor, consultation.id, PAGE, cursor)
    id, outcome, reason, error = refused or (None, "", "", None)
    faults = Faults(error.fields if isinstance(error, errors.Invalid) else {})
    return visit.page(
        "moderation/appeals.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        items=[
            {"item": item, "rule": rule_in_words(item.rule, consultation.details),
             "outcome": outcome if item.id == id else "", "reason": reason if item.id == id else "",
             "faults": faults if item.id == id else Faults()}
            for item in found.items
        ],
        next=found.next,
        message=error.message if error and not faults else "",
        lost=reason if error and all(item.id != id for item in found.items) else None,
    )  # fmt: skip
