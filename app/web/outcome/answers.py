"""`/c/{consultation}/recommendations/answers`: what was answered to all of them, and to whom the outcome was sent."""

from fastapi import APIRouter
from starlette.responses import Response

from app.permissions import Thing
from app.readings import consultations
from app.readings.outcome import answers, sent_outcome
from app.web.kit import outcome_words
from app.web.kit.visit import Visiting, version_of

router = APIRouter()


@router.get("/c/{slug}/recommendations/answers")
async def states(visit: Visiting, slug: str) -> Response:
    """All final recommendations with the state of their answers; those without one first, with the days they wait."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await answers.standings(connection, consultation)
        sent = await sent_outcome.sent(connection, consultation.id)
    return visit.public(
        "outcome/answers.html",
        version_of(consultation),
        consultation=consultation,
        waiting=[each for each in found if each.answer is None],
        answered=[each for each in found if each.answer is not None],
        sent=sent,
        outcome=outcome_words,
        sends=visit.may("outcome.send", Thing(consultation.id)),
    )
