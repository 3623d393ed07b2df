"""`/c/{consultation}/meetings`: what was held where, each with what was said there; and the form that reports one."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app import errors
from app.accounts import limits
from app.contributions import drafts
from app.language import gettext as _
from app.meetings import actions
from app.meetings.reports import MOST_POINTS
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.meetings import meetings as readings
from app.readings.meetings import planned
from app.web.kit.contribution_form import OTHER, draft_id, language_choices
from app.web.kit.entries import entry
from app.web.kit.faults import status_of
from app.web.kit.network import network_of
from app.web.kit.visit import Visit, Visiting, version_of
from app.web.meetings import meeting_form as forms
from app.web.meetings import planned_meetings
from app.web.meetings.meeting_form import MeetingForm

router = APIRouter()
EXCERPT = 240


@router.get("/c/{slug}/meetings")
async def listed(visit: Visiting, slug: str) -> Response:
    """The meetings of a consultation, newest first."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await readings.meetings(connection, consultation.id)
        announced = await planned.planned_meetings(connection, consultation.id)
    return visit.public(
        "meetings/meetings.html",
        version_of(consultation),
        consultation=consultation,
        meetings=found,
        to_come=[each for each in announced if each.is_to_come(consultation)],
        over=[each for each in announced if not each.is_to_come(consultation) and each.meeting is None][::-1],
        plans=visit.may("meeting.plan", Thing(consultation.id)),
        transcribes=visit.may("contribution.transcribe", Thing(consultation.id)),
    )


@router.get("/c/{slug}/meetings/new")
async def ask(
    visit: Visiting, slug: str, draft: UUID | None = None, of: Annotated[UUID | None, Query(alias="planned")] = None
) -> Response:
    """The form, empty, as it was kept, or begun with what was announced of the meeting."""
    visit.person  # noqa: B018  # a stranger is asked to sign in
    consultation = await _consultation(visit, slug)
    if draft is None:
        reports = visit.may("contribution.transcribe", Thing(consultation.id))
        announced = await _announced(visit, consultation, of) if of and reports else {}
        return _show(visit, consultation, forms.blank(_language(visit, consultation), **announced))
    async with visit.database.writing() as session:
        kept = await drafts.find_draft(session, visit.actor, visit.browser, draft)
    if kept is None:
        return visit.go(f"/c/{slug}/meetings/new")
    return _show(visit, consultation, forms.from_draft(kept.id, kept.fields))


@router.post("/c/{slug}/meetings/new")
async def send(visit: Visiting, slug: str) -> Response:
    """Send the report, show more rows, or keep it as a draft. What is refused comes back with everything in it."""
    sent, consultation = await visit.form(forms.FIELDS), await _consultation(visit, slug)
    form = forms.from_request(sent)
    if sent.get("do") == "more":
        return _show(visit, consultation, form)
    if visit.actor.person is None or sent.get("do") == "draft":
        address = await _keep(visit, consultation, form)
        return visit.go(address, done="draft") if visit.actor.person else visit.sign_in_first(address)
    try:
        id = draft_id(form.id)
        async with visit.database.writing() as session:
            made = await actions.report(session, visit.actor, consultation.id, form.report(), id=id)
            await drafts.drop_draft(session, visit.actor, visit.browser, made.id)
    except (errors.Unavailable, errors.Unauthenticated):
        raise
    except errors.PlenaryError as error:
        return _show(visit, consultation, form, error)
    return visit.go(f"/c/{slug}/meetings/{made.id}", done="reported")


@router.get("/c/{slug}/meetings/{which}")
async def one(visit: Visiting, slug: str, which: str) -> Response:
    """A meeting that was announced; or one that was held, with what was said there.

    What is not public yet, its reporter and the moderators see as well.
    """
    try:
        id = UUID(which)
    except ValueError:
        raise errors.NotFound(_("There is no such page.")) from None
    if (announced := await planned_meetings.page_of(visit, slug, id)) is not None:
        return announced
    consultation, found = await _found(visit, slug, id)
    meeting, points = found or (None, [])
    async with visit.database.reading() as connection:
        meeting = meeting or await readings.meeting(connection, consultation.id, id)
        said = await readings.said_there(connection, id)
    return visit.public(
        "meetings/meeting.html",
        version_of(consultation),
        consultation=consultation,
        meeting=meeting,
        said={
            how: [(entry(view, consultation), view.excerpt(EXCERPT)) for view, its in said if its == how]
            for how in ("report-back", "floor")
        },
        waiting=[point for point in points if point.status != "published"],
        transcribes=visit.may("contribution.transcribe", Thing(consultation.id)),
    )


async def _found(
    visit: Visit, slug: str, id: UUID
) -> tuple[ConsultationView, tuple[readings.MeetingView, Sequence[readings.PointView]] | None]:
    """The consultation, and all of the meeting where this visitor reported it or moderates."""
    consultation = await _consultation(visit, slug)
    if visit.actor.person is None:
        return consultation, None
    try:
        async with visit.database.writing() as session:
            return consultation, await readings.reported(session, visit.actor, consultation.id, id)
    except errors.NotFound:
        return consultation, None


async def _announced(visit: Visit, consultation: ConsultationView, id: UUID) -> dict[str, str]:
    """The fields of the report that an announced meeting fills. Raises NotFound."""
    async with visit.database.reading() as connection:
        found = await planned.planned_meeting(connection, consultation.id, id)
    day = found.starts.astimezone(found.zone).date()
    return {"planned": str(id), "title": found.title, "date": f"{day}", "place": found.place or _("online")}


async def _consultation(visit: Visit, slug: str) -> ConsultationView:
    async with visit.database.reading() as connection:
        return await consultations.consultation(connection, slug)


async def _keep(visit: Visit, consultation: ConsultationView, form: MeetingForm) -> str:
    """Keep the form as a draft of the person or the browser; returns the address where it goes on."""
    if visit.actor.person is None:
        await limits.allow(visit.database, "drafts from", network_of(visit.request), most=60, per_seconds=900)
        visit.own_browser()
    async with visit.database.writing() as session:
        kept = await drafts.keep_draft(
            session, visit.actor, visit.browser, consultation.id, form.draft(), draft_id(form.id)
        )
    return f"/c/{consultation.slug}/meetings/new?draft={kept.id}"


def _language(visit: Visit, consultation: ConsultationView) -> str:
    return visit.language if visit.language in consultation.languages else consultation.languages[0]


def _show(
    visit: Visit, consultation: ConsultationView, form: MeetingForm, error: errors.PlenaryError | None = None
) -> Response:
    return visit.page(
        "meetings/report_meeting.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        form=form,
        faults=forms.faults_in(error),
        message=error.message if error and not isinstance(error, errors.Invalid) else "",
        languages=[pair for pair in language_choices(consultation) if pair[0] != OTHER],
        transcribes=visit.may("contribution.transcribe", Thing(consultation.id)),
        most=MOST_POINTS,
    )
