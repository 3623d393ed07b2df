"""`/c/{consultation}/moderate/transcribe`: a moderator enters one text from paper, a meeting or another process."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.meetings import actions
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.meetings import meetings
from app.readings.meetings.meetings import MeetingView
from app.web.kit.contribution_form import OTHER, anew, draft_id, language_choices
from app.web.kit.faults import status_of
from app.web.kit.visit import Visit, Visiting
from app.web.meetings import meeting_form as forms
from app.web.meetings.meeting_form import MeetingForm

router = APIRouter()


@router.get("/c/{slug}/moderate/transcribe")
async def ask(visit: Visiting, slug: str, meeting: UUID | None = None) -> Response:
    """The form; with `meeting` it adds to what was said there."""
    consultation, known = await _place(visit, slug)
    language = visit.language if visit.language in consultation.languages else consultation.languages[0]
    more = {"meeting": str(meeting), "channel": "meeting"} if meeting else {}
    return _show(visit, consultation, known, forms.blank(language, **more))


@router.post("/c/{slug}/moderate/transcribe")
async def send(visit: Visiting, slug: str) -> Response:
    """Enter it: it is public at once. What is refused comes back with everything in it."""
    sent, (consultation, known) = await visit.form(), await _place(visit, slug)
    form = forms.from_request(sent)
    try:
        async with visit.database.writing() as session:
            made = await actions.transcribe(
                session, visit.actor, consultation.id, form.transcription(), id=draft_id(form.id)
            )
    except (errors.Unavailable, errors.Unauthenticated):
        raise
    except errors.PlenaryError as error:
        return _show(visit, consultation, known, anew(form, error), error)
    return visit.go(f"/c/{slug}/{made.number}", done="transcribed")


async def _place(visit: Visit, slug: str) -> tuple[ConsultationView, list[MeetingView]]:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        known = await meetings.meetings(connection, consultation.id)
    if not visit.may("contribution.transcribe", Thing(consultation.id)):
        visit.person  # noqa: B018  # a stranger is asked to sign in
        raise errors.Forbidden(_("Only a moderator can do this."))
    return consultation, known


def _show(
    visit: Visit, consultation: ConsultationView, known: list[MeetingView], form: MeetingForm,
    error: errors.PlenaryError | None = None,
) -> Response:  # fmt: skip
    return visit.page(
        "moderation/transcribe.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        meetings=known,
        form=form,
        faults=forms.faults_in(error, one=True),
        message=error.message if error and not isinstance(error, errors.Invalid) else "",
        languages=[pair for pair in language_choices(consultation) if pair[0] != OTHER],
    )
