"""`/c/{consultation}/organise/meetings/{id}`: who comes, who gets a place; as a table, and on badges."""

from collections.abc import Collection
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import clock, dates, errors
from app.language import gettext as _
from app.meetings import planning
from app.printing.badges import MEDIA_TYPE, Badge, badges
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.exporting.sheets import CSV, XLSX, as_csv, as_workbook
from app.readings.meetings import registrations
from app.readings.meetings.registrations import Attendance
from app.web.kit import words
from app.web.kit.contribution_form import draft_id
from app.web.kit.refused import refusal
from app.web.kit.visit import PRIVATE, Visit, Visiting
from app.web.meetings import attendance_tables as tables

router = APIRouter()
_MOST_CHOSEN = 2_000  # people in one form


@router.get("/c/{slug}/organise/meetings/{id:uuid}")
async def who_comes(visit: Visiting, slug: str, id: UUID) -> Response:
    """Everybody who answered, and how balanced it is."""
    return _show(visit, *await _read(visit, slug, id))


@router.post("/c/{slug}/organise/meetings/{id:uuid}")
async def decide(visit: Visiting, slug: str, id: UUID) -> Response:
    """Give places to the chosen, let them wait, or say “not this time”."""
    sent = await visit.form(_MOST_CHOSEN + 10)
    consultation, attendance = await _read(visit, slug, id)
    act, reason = str(sent.get("act", "")), str(sent.get("reason", ""))
    chosen = {one for value in sent.getlist("who") if (one := draft_id(str(value))) is not None}
    try:
        async with visit.database.writing() as session:
            await planning.decide(session, visit.actor, consultation.id, id, chosen, act, reason)
    except (errors.Invalid, errors.Conflict, errors.NotFound) as error:
        return _show(visit, consultation, attendance, chosen, reason, error)
    return visit.go(f"/c/{slug}/organise/meetings/{id}", done=act)


@router.get("/c/{slug}/organise/meetings/{id:uuid}/registrations.csv")
async def table(visit: Visiting, slug: str, id: UUID) -> Response:
    """Everybody who answered, one in a row."""
    _consultation, attendance = await _read(visit, slug, id)
    return _file(as_csv(tables.people(attendance)), CSV, f"registrations-{id}.csv")


@router.get("/c/{slug}/organise/meetings/{id:uuid}/registrations.xlsx")
async def workbook(visit: Visiting, slug: str, id: UUID) -> Response:
    """The same as a workbook, with the balance on a second sheet."""
    _consultation, attendance = await _read(visit, slug, id)
    sheets = {_("Registrations"): tables.people(attendance), _("Balance"): tables.balance(attendance)}
    return _file(await as_workbook(sheets), XLSX, f"registrations-{id}.xlsx")


@router.get("/c/{slug}/organise/meetings/{id:uuid}/badges.pdf")
async def name_badges(visit: Visiting, slug: str, id: UUID) -> Response:
    """A badge for everybody who has a place in the room; of a meeting without a room, for all who have one."""
    consultation, attendance = await _read(visit, slug, id)
    view = attendance.meeting.view
    way = "room" if view.place else "online"
    coming = [each for each in attendance.comers if each.state == "placed" and each.attends == way]
    if not coming:
        error = errors.Conflict(_("Nobody has a place yet, so there is no badge to print."))
        return _show(visit, consultation, attendance, error=error)
    people = [
        Badge(each.name, each.organisation or "") for each in sorted(coming, key=lambda each: each.name.casefold())
    ]
    when = dates.span(view.starts, view.ends, view.zone)
    return _file(await badges(people, view.title, when, visit.language), MEDIA_TYPE, f"badges-{id}.pdf")


async def _read(visit: Visit, slug: str, id: UUID) -> tuple[ConsultationView, Attendance]:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    hoped_for = consultation.details.get("hoped_for")
    async with visit.database.writing() as session:
        return consultation, await registrations.attendance(session, visit.actor, consultation.id, id, hoped_for)


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Cache-Control": PRIVATE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


def _show(
    visit: Visit, consultation: ConsultationView, attendance: Attendance, chosen: Collection[UUID] = (),
    reason: str = "", error: errors.PlenaryError | None = None,
) -> Response:  # fmt: skip
    view = attendance.meeting.view
    return visit.page(
        "meetings/attendance.html",
        **refusal(error),
        consultation=consultation,
        meeting=attendance.meeting,
        planned=view,
        groups=[(state, [each for each in attendance.comers if each.state == state]) for state in registrations.STATES],
        shares=[
            (_("By region"), tables.region_name, attendance.regions),
            (_("By kind"), tables.kind_name, attendance.kinds),
        ],
        stands=view.cancelled is None and view.ends > clock.now(),
        has_begun=view.starts <= clock.now(),
        is_over=view.ends <= clock.now(),
        named_languages=words.language_names,
        chosen=chosen,
        reason=reason,
    )
