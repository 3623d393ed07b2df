"""`/c/{consultation}/moderate/note`: a facilitator's note at the top of a topic."""

from dataclasses import replace
from typing import Literal

from fastapi import APIRouter
from starlette.responses import Response

from app import clock, errors
from app.contributions import actions
from app.contributions.submissions import NOTES, Submission
from app.language import gettext as _
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView, TopicView
from app.web.kit import contribution_form as forms
from app.web.kit import words
from app.web.kit.contribution_form import ContributionForm
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting
from app.web.moderation.drawn_note import drawn

router = APIRouter()


@router.get("/c/{slug}/moderate/note")
async def write(visit: Visiting, slug: str, topic: str = "", begin: Literal["", "report"] = "") -> Response:
    """The form, empty, or begun with what the report's draft says of the topic."""
    consultation = await _to_note(visit, slug)
    tag = visit.language if visit.language in consultation.languages else consultation.languages[0]
    form, note = ContributionForm(id=str(clock.new_id()), topic=topic, language=tag), ""
    if begin == "report":
        body, language = await drawn(visit, consultation, topic)
        form, note = replace(form, body=body, language=language or tag), "weekly-synthesis"
    return _show(visit, consultation, form, note)


@router.post("/c/{slug}/moderate/note")
async def send(visit: Visiting, slug: str) -> Response:
    """Publish the note, or show how it will look; what cannot be taken comes back with the reason beside it."""
    sent, consultation = await visit.form(), await _to_note(visit, slug)
    form, note = replace(forms.from_request(sent), kind="note"), str(sent.get("note", ""))
    if sent.get("do") == "preview":
        return _show(visit, consultation, form, note, preview=True)
    given = Submission(
        body=form.body, language=form.tag, title=form.title or None, topic=form.topic or None, kind="note",
        note=note or None,
    )  # fmt: skip
    try:
        async with visit.database.writing() as session:
            made = await actions.post(session, visit.actor, consultation.id, given, id=forms.draft_id(form.id))
    except (errors.Invalid, errors.Conflict) as error:
        return _show(visit, consultation, forms.anew(form, error), note, error=error)
    return visit.go(f"/c/{slug}/{made.number}", done="posted")


async def _to_note(visit: Visit, slug: str) -> ConsultationView:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    if not noted(visit, consultation):
        visit.person  # noqa: B018  # a stranger is asked to sign in
        raise errors.Forbidden(_("Only a moderator can do this."))
    return consultation


def noted(visit: Visit, consultation: ConsultationView) -> list[TopicView]:
    """The topics in which this visitor may write notes."""
    here = consultation.id
    return [each for each in consultation.topics if visit.may("contribution.note", Thing(here, topic=each.id))]


def _show(
    visit: Visit, consultation: ConsultationView, form: ContributionForm, note: str, *,
    preview: bool = False, error: errors.PlenaryError | None = None,
) -> Response:  # fmt: skip
    return visit.page(
        "moderation/note.html",
        **refusal(error),
        consultation=consultation,
        form=form,
        note=note,
        preview=preview,
        topics=[(topic.slug, topic.title) for topic in noted(visit, consultation)],
        notes=[(each, _(words.NOTES[each]), "") for each in NOTES] + [("", _("Another note"), "")],
        languages=forms.language_choices(consultation),
        limits=forms.LIMITS,
    )
