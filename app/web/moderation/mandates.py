"""`/c/{consultation}/moderate/mandates`: who asks that their mandate be confirmed, and what organisers answered."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.accounts import mandates as acts
from app.accounts.mandate_links import pass_on
from app.language import OWN_NAMES
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.organising import mandates
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
NOTHING_SENT: Mapping[str, Any] = {}


@router.get("/c/{slug}/moderate/mandates")
async def asked(visit: Visiting, slug: str) -> Response:
    """What waits for an answer, and what was answered. For organisers."""
    return await _show(visit, await _consultation(visit, slug))


@router.post("/c/{slug}/moderate/mandates/{id}")
async def answer(visit: Visiting, slug: str, id: UUID) -> Response:
    """Confirm, decline, end what was confirmed, or ask the organisation itself."""
    sent, consultation = await visit.form(), await _consultation(visit, slug)
    act, reason = str(sent.get("act", "")), str(sent.get("reason", ""))
    try:
        async with visit.database.writing() as session:
            if act == "pass-on":
                email, language = str(sent.get("email", "")), str(sent.get("language", ""))
                await pass_on(session, visit.actor, consultation.id, id, email, language)
            else:
                await acts.answer(session, visit.actor, consultation.id, id, act, reason)
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, consultation, error, about=id, sent=sent)
    return visit.go(f"/c/{slug}/moderate/mandates", done=act)


async def _consultation(visit: Visit, slug: str) -> ConsultationView:
    async with visit.database.reading() as connection:
        return await consultations.consultation(connection, slug)


async def _show(
    visit: Visit, consultation: ConsultationView, error: errors.PlenaryError | None = None, about: UUID | None = None,
    sent: Mapping[str, Any] = NOTHING_SENT,
) -> Response:  # fmt: skip
    async with visit.database.writing() as session:
        found = await mandates.in_consultation(session, visit.actor, consultation.id)
    return visit.page(
        "moderation/mandates.html",
        **refusal(error),
        consultation=consultation,
        waiting=[each for each in found if each.state == "waiting"],
        answered=[each for each in found if each.state != "waiting"],
        about=about,
        act=sent.get("act", ""),
        reason=sent.get("reason", ""),
        email=sent.get("email", ""),
        languages=list(OWN_NAMES.items()),
    )
