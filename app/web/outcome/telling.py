"""`/c/{consultation}/synthesis/tell`: a rapporteur tells everybody who contributed what became of their texts."""

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.readings.consultation_views import ConsultationView
from app.readings.outcome import tellings
from app.synthesis import telling
from app.web.kit.allowed import consultation_to
from app.web.kit.faults import status_of
from app.web.kit.visit import Visit, Visiting

router = APIRouter()


@router.get("/c/{slug}/synthesis/tell")
async def ask(visit: Visiting, slug: str) -> Response:
    """What they would be told of, and of what they were told."""
    return await _show(visit, await consultation_to(visit, "outcome.tell", slug))


@router.post("/c/{slug}/synthesis/tell")
async def tell(visit: Visiting, slug: str) -> Response:
    """Tell them; the worker writes the mails."""
    await visit.form()
    consultation = await consultation_to(visit, "outcome.tell", slug)
    try:
        async with visit.database.writing() as session:
            await telling.tell(session, visit.actor, consultation.id)
    except errors.Conflict as error:
        return await _show(visit, consultation, error)
    return visit.go(f"/c/{slug}/synthesis/tell", done="told")


async def _show(visit: Visit, consultation: ConsultationView, error: errors.PlenaryError | None = None) -> Response:
    async with visit.database.writing() as session:
        found = await tellings.of(session, visit.actor, consultation.id)
    return visit.page(
        "outcome/tell.html", status=status_of(error) if error else 200, consultation=consultation, tellings=found,
        message=error.message if error else "",
    )  # fmt: skip
