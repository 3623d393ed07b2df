"""`/c/{consultation}/organise/meetings`: organisers announce meetings, change and cancel them."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import clock, errors
from app.language import gettext as _
from app.meetings import planning
from app.readings.consultation_views import ConsultationView
from app.readings.meetings.registrations import OrganisedMeeting, organised
from app.web.kit.allowed import consultation_to
from app.web.kit.contribution_form import draft_id
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting
from app.web.meetings import plan_form as forms
from app.web.meetings.plan_form import PlanForm
from app.web.meetings.planned_meetings import languages_of

router = APIRouter()


@router.get("/c/{slug}/organise/meetings")
async def listed(visit: Visiting, slug: str) -> Response:
    """All meetings that were announced, each with how many come."""
    consultation, found = await _organised(visit, slug)
    return visit.page(
        "meetings/plans.html",
        consultation=consultation,
        to_come=[each for each in reversed(found) if each.view.is_to_come(consultation)],
        over=[each for each in found if not each.view.is_to_come(consultation)],
    )


@router.get("/c/{slug}/organise/meetings/new")
async def ask(visit: Visiting, slug: str) -> Response:
    """The empty form."""
    consultation = await consultation_to(visit, "meeting.plan", slug)
    return _show(visit, consultation, forms.blank(consultation, consultation.details))


@router.post("/c/{slug}/organise/meetings/new")
async def send(visit: Visiting, slug: str) -> Response:
    """Announce it. What is refused comes back with everything in it."""
    form = forms.from_request(await visit.form())
    consultation = await consultation_to(visit, "meeting.plan", slug)
    try:
        async with visit.database.writing() as session:
            made = await planning.announce(
                session, visit.actor, consultation.id, form.plan(), id=draft_id(form.id)
            )  # fmt: skip
    except (errors.Invalid, errors.Conflict) as error:
        return _show(visit, consultation, form, error)
    return visit.go(f"/c/{slug}/organise/meetings/{made.id}", done="announced")


@router.get("/c/{slug}/organise/meetings/{id:uuid}/edit")
async def edit(visit: Visiting, slug: str, id: UUID) -> Response:
    """The form as the meeting stands."""
    consultation, meeting = await one(visit, slug, id)
    return _show(visit, consultation, forms.from_meeting(meeting), meeting=meeting)


@router.post("/c/{slug}/organise/meetings/{id:uuid}/edit")
async def change(visit: Visiting, slug: str, id: UUID) -> Response:
    """Change it. What is refused comes back with everything in it."""
    form = forms.from_request(await visit.form())
    consultation, meeting = await one(visit, slug, id)
    try:
        async with visit.database.writing() as session:
            await planning.change(session, visit.actor, consultation.id, id, form.plan(), form.version)
    except (errors.Invalid, errors.Conflict) as error:
        return _show(visit, consultation, form, error, meeting)
    return visit.go(f"/c/{slug}/organise/meetings/{id}", done="changed")


@router.get("/c/{slug}/organise/meetings/{id:uuid}/cancel")
async def ask_to_cancel(visit: Visiting, slug: str, id: UUID) -> Response:
    """What cancelling means, and the reason."""
    return _show_cancelling(visit, *await one(visit, slug, id))


@router.post("/c/{slug}/organise/meetings/{id:uuid}/cancel")
async def cancel(visit: Visiting, slug: str, id: UUID) -> Response:
    """Cancel it."""
    reason = str((await visit.form()).get("reason", ""))
    consultation, meeting = await one(visit, slug, id)
    try:
        async with visit.database.writing() as session:
            await planning.cancel(session, visit.actor, consultation.id, id, reason)
    except (errors.Invalid, errors.Conflict) as error:
        return _show_cancelling(visit, consultation, meeting, reason, error)
    return visit.go(f"/c/{slug}/organise/meetings/{id}", done="cancelled")


async def one(visit: Visit, slug: str, id: UUID) -> tuple[ConsultationView, OrganisedMeeting]:
    """A meeting for its organisers. Raises Unauthenticated, Forbidden, NotFound."""
    consultation, found = await _organised(visit, slug)
    for each in found:
        if each.view.id == id:
            return consultation, each
    raise errors.NotFound(_("There is no such meeting."))


async def _organised(visit: Visit, slug: str) -> tuple[ConsultationView, list[OrganisedMeeting]]:
    consultation = await consultation_to(visit, "meeting.plan", slug)
    async with visit.database.writing() as session:
        return consultation, await organised(session, visit.actor, consultation.id)


def _show(
    visit: Visit, consultation: ConsultationView, form: PlanForm, error: errors.PlenaryError | None = None,
    meeting: OrganisedMeeting | None = None,
) -> Response:  # fmt: skip
    return visit.page(
        "meetings/plan.html",
        consultation=consultation,
        form=form,
        meeting=meeting,
        zones=[(zone, zone.replace("_", " ")) for zone in sorted(clock.time_zones() - {"Factory", "localtime"})],
        languages=languages_of(consultation, form.languages),
        **_said(error),
    )


def _show_cancelling(
    visit: Visit, consultation: ConsultationView, meeting: OrganisedMeeting, reason: str = "",
    error: errors.PlenaryError | None = None,
) -> Response:  # fmt: skip
    return visit.page("meetings/cancel.html", consultation=consultation, meeting=meeting, reason=reason, **_said(error))


def _said(error: errors.PlenaryError | None) -> dict[str, Any]:
    """What a page tells of an error."""
    return {
        **refusal(error),
    }
