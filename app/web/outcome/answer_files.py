"""`/answer-files/{id}`: the file of an answer. And the page on which organisers take one out of the public."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.permissions import Thing, require
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.outcome import answer_files, recommendations
from app.readings.outcome.recommendations import FileView, RecommendationView
from app.synthesis.answer_files import withdraw
from app.web.kit import served
from app.web.kit.contribution_form import Faults
from app.web.kit.visit import Visit, Visiting

router = APIRouter()


@router.get("/answer-files/{id}")
async def file(visit: Visiting, id: UUID) -> Response:
    """The file, to whoever may read the answer."""
    async with visit.database.reading() as connection:
        found = await answer_files.served(connection, id)
    return await served.sent(visit, found)


@router.get("/c/{slug}/recommendations/{number:number}/files/{id}")
async def ask(visit: Visiting, slug: str, number: int, id: UUID) -> Response:
    """What a withdrawal destroys, and the question why."""
    return _show(visit, *await _to_withdraw(visit, slug, number, id))


@router.post("/c/{slug}/recommendations/{number:number}/files/{id}")
async def take_out(visit: Visiting, slug: str, number: int, id: UUID) -> Response:
    """Withdraw the file."""
    sent = await visit.form()
    found, reason = await _to_withdraw(visit, slug, number, id), str(sent.get("reason", ""))
    try:
        async with visit.database.writing() as session:
            await withdraw(session, visit.actor, id, reason)
    except errors.Invalid as error:
        return _show(visit, *found, reason=reason, error=error)
    return visit.go(f"/c/{slug}/recommendations/{number}#answers")


async def _to_withdraw(
    visit: Visit, slug: str, number: int, id: UUID
) -> tuple[ConsultationView, RecommendationView, FileView]:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        require(visit.actor, "response.enter", Thing(consultation.id))
        found = await recommendations.recommendation(connection, consultation.id, number)
    files = [each.file for each in found.responses if each.file and each.file.id == id]
    if not files:
        raise errors.NotFound(_("There is no such file."))
    return consultation, found, files[0]


def _show(
    visit: Visit, consultation: ConsultationView, found: RecommendationView, file: FileView, *, reason: str = "",
    error: errors.Invalid | None = None,
) -> Response:  # fmt: skip
    return visit.page(
        "outcome/withdraw_answer_file.html",
        status=422 if error else 200,
        consultation=consultation,
        recommendation=found,
        file=file,
        reason=reason,
        faults=Faults(error.fields if error else {}),
    )
