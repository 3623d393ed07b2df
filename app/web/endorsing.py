"""`/c/{consultation}/{number}/endorse`: support what somebody else wrote, or take that back."""

from fastapi import APIRouter
from starlette.responses import Response

from app.accounts import limits
from app.endorsements import actions
from app.language import gettext as _
from app.readings import consultations, thread
from app.web.entries import entry
from app.web.thread import numbered
from app.web.visit import Visiting

router = APIRouter()


@router.get("/c/{slug}/{which}/endorse")
async def ask(visit: Visiting, slug: str, which: str) -> Response:
    """Where somebody lands who has signed in to endorse: the text, and a button."""
    _signed_in = visit.person
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        focus, _topic = await thread.focus(connection, consultation.id, numbered(which))
    address = f"/c/{slug}/{which}"
    if focus.status != "published":
        return visit.go(address)
    return visit.page(
        "confirm.html",
        consultation=consultation,
        entry=entry(focus, consultation),
        address=address,
        question=_("Endorse contribution %(n)s?", n=which),
        meaning=_("You support it in a personal capacity. How many people do is public, who they are is not."),
        button=_("Endorse it"),
        needs_reason=False,
    )


@router.post("/c/{slug}/{which}/endorse")
async def endorse(visit: Visiting, slug: str, which: str) -> Response:
    """Endorse it or, where the form says so, take that back."""
    sent, _signed_in = await visit.form(), visit.person
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        focus, _topic = await thread.focus(connection, consultation.id, numbered(which))
    await limits.allow_write(visit.database, visit.person)
    act = actions.take_back if sent.get("do") == "take-back" else actions.endorse
    async with visit.database.writing() as session:
        await act(session, visit.actor, focus.id)
    return visit.go(f"/c/{slug}/{which}#endorse")
