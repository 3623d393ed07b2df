"""`/c/{consultation}/recommendations/{number}/respond`: an organiser enters what the addressee answered."""

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.accounts import limits
from app.language import gettext as _
from app.permissions import Thing, require
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.outcome import recommendations
from app.readings.outcome.recommendations import RecommendationView
from app.synthesis.responding import WORDS_LIMIT, Answer, receive
from app.web.discussion.attachments import MOST_AT_ONCE, has_files
from app.web.kit import outcome_words
from app.web.kit.contribution_form import OTHER, language_choices
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting
from app.web.outcome.answer_form import answer_in, words_in

router = APIRouter()


@router.get("/c/{slug}/recommendations/{number:number}/respond")
async def ask(visit: Visiting, slug: str, number: int) -> Response:
    """The form, empty."""
    consultation, found = await _to_respond(visit, slug, number)
    return _show(visit, consultation, found, Answer("", "", "", consultation.languages[0]))


@router.post("/c/{slug}/recommendations/{number:number}/respond")
async def respond(visit: Visiting, slug: str, number: int) -> Response:
    """Enter the answer. What cannot be taken comes back with the reason beside it."""
    sent = await visit.form(files=MOST_AT_ONCE)
    consultation, found = await _to_respond(visit, slug, number)
    again = has_files(sent)
    try:
        if again:
            await limits.allow_attachments(visit.database, visit.person)
        given = await answer_in(sent)
        async with visit.database.writing() as session:
            await receive(session, visit.actor, found.id, given)
    except (errors.Invalid, errors.Conflict, errors.RateLimited) as error:
        return _show(visit, consultation, found, words_in(sent), error, again=again)
    return visit.go(f"/c/{slug}/recommendations/{number}#answers")


async def _to_respond(visit: Visit, slug: str, number: int) -> tuple[ConsultationView, RecommendationView]:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        require(visit.actor, "response.enter", Thing(consultation.id))
        return consultation, await recommendations.recommendation(connection, consultation.id, number)


def _show(
    visit: Visit, consultation: ConsultationView, found: RecommendationView, given: Answer,
    error: errors.PlenaryError | None = None, *, again: bool = False,
) -> Response:  # fmt: skip
    return visit.page(
        "outcome/respond.html",
        **refusal(error),
        consultation=consultation,
        recommendation=found,
        given=given,
        answers=[(key, _(label), "") for key, label in outcome_words.ANSWERS.items()],
        languages=[pair for pair in language_choices(consultation) if pair[0] != OTHER],
        most=WORDS_LIMIT,
        again=again,
    )
