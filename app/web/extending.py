"""`/c/{consultation}/extend`: an organiser lets contributions be taken for longer, and says why to everyone."""

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.consultations.actions import extend
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultations import ConsultationView
from app.web.changing_dates import moment_of
from app.web.contribution_form import Faults
from app.web.faults import status_of
from app.web.language import gettext as _
from app.web.visit import Visit, Visiting

router = APIRouter()


@router.get("/c/{slug}/extend")
async def ask(visit: Visiting, slug: str) -> Response:
    """The form: until when, and why."""
    return _show(visit, await _to_extend(visit, slug), "", "")


@router.post("/c/{slug}/extend")
async def prolong(visit: Visiting, slug: str) -> Response:
    """Extend; what cannot be taken comes back with the reason beside it."""
    sent, consultation = await visit.form(), await _to_extend(visit, slug)
    closes, reason = str(sent.get("closes", "")), str(sent.get("reason", ""))
    try:
        until = moment_of(closes, consultation)
        async with visit.database.writing() as session:
            await extend(session, visit.actor, consultation.id, until, reason)
    except (errors.Invalid, errors.Conflict) as error:
        return _show(visit, consultation, closes, reason, error)
    return visit.go(f"/c/{slug}#dates", done="extended")


async def _to_extend(visit: Visit, slug: str) -> ConsultationView:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    if not visit.may("consultation.extend", Thing(consultation.id)):
        visit.person  # noqa: B018  # a stranger is asked to sign in
        raise errors.Forbidden(_("Only an organiser can do this."))
    return consultation


def _show(
    visit: Visit, consultation: ConsultationView, closes: str, reason: str, error: errors.PlenaryError | None = None
) -> Response:
    invalid = isinstance(error, errors.Invalid)
    return visit.page(
        "extend.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        closes=closes,
        reason=reason,
        faults=Faults(error.fields if isinstance(error, errors.Invalid) else {}),
        message=error.message if error and not invalid else "",
    )
