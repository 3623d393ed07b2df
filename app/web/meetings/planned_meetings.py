"""`/c/{consultation}/meetings/{id}` of a meeting to come: what it is, and where one registers for it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app import clock, errors
from app.language import LANGUAGES
from app.meetings import registering
from app.meetings.registering import Coming
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.meetings import planned
from app.readings.meetings.planned import PlannedView
from app.readings.meetings.registrations import OwnRegistration, own_registration
from app.readings.organising import documents
from app.web.kit.contribution_form import Faults
from app.web.kit.faults import status_of
from app.web.kit.visit import Visit, Visiting, version_of
from app.web.kit.words import LANGUAGES as MANY
from app.web.kit.words import language_name

router = APIRouter()
_ACTS = {"decline": registering.decline, "leave": registering.leave}


@router.post("/c/{slug}/meetings/{id:uuid}/registration")
async def answer(visit: Visiting, slug: str, id: UUID) -> Response:
    """Register, say that one cannot come, or take back what one said."""
    sent = await visit.form()
    consultation, found = await _read(visit, slug, id)
    act, form = str(sent.get("act", "")), coming(sent)
    try:
        async with visit.database.writing() as session:
            if act in _ACTS:
                await _ACTS[act](session, visit.actor, consultation.id, id)
            else:
                act = (await registering.register(session, visit.actor, consultation.id, id, form)).state
    except (errors.Invalid, errors.Conflict, errors.Closed) as error:
        return await _show(visit, consultation, found, form, error)
    return visit.go(f"/c/{slug}/meetings/{id}", done=act)


async def page_of(visit: Visit, slug: str, id: UUID) -> Response | None:
    """The page of an announced meeting; None where none has this identifier. Raises NotFound for no consultation."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        try:
            found = await planned.planned_meeting(connection, consultation.id, id)
        except errors.NotFound:
            return None
    return await _show(visit, consultation, found)


def coming(sent: FormData) -> Coming:
    """The form as it was sent, unchecked."""
    speaks, interpretation = (
        tuple(value for value in sent.getlist(name) if isinstance(value, str) and value)
        for name in ("speaks", "interpretation")
    )
    return Coming(str(sent.get("attends", "")), speaks, interpretation, str(sent.get("access_needs", "")))


def languages_of(consultation: ConsultationView, more: Sequence[str] = ()) -> list[tuple[str, str, str]]:
    """The languages to choose from: the consultation's, the interface's, and those chosen before, with their names."""
    tags = dict.fromkeys((*consultation.languages, *LANGUAGES, *more))
    return [(tag, language_name(tag), "") for tag in tags]


async def _read(visit: Visit, slug: str, id: UUID) -> tuple[ConsultationView, PlannedView]:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        return consultation, await planned.planned_meeting(connection, consultation.id, id)


async def _mine(visit: Visit, id: UUID) -> OwnRegistration | None:
    if visit.actor.person is None:
        return None
    async with visit.database.writing() as session:
        return await own_registration(session, visit.actor, id)


async def _show(
    visit: Visit, consultation: ConsultationView, found: PlannedView, form: Coming | None = None,
    error: errors.PlenaryError | None = None,
) -> Response:  # fmt: skip
    mine = await _mine(visit, found.id)
    async with visit.database.reading() as connection:
        papers = await documents.of_meeting(connection, consultation, found.id)
    form = form or _as_said(mine)
    invalid = isinstance(error, errors.Invalid)
    context: dict[str, Any] = {
        "consultation": consultation,
        "planned": found,
        "papers": [paper for paper in papers if paper.state != "withdrawn"],
        "mine": mine,
        "form": form,
        "ways": registering.ways_of(found),
        "is_open": registering.is_open(found),
        "has_begun": found.starts <= clock.now(),
        "to_come": found.is_to_come(consultation),
        "languages": languages_of(consultation, (*found.languages, *form.speaks, *form.interpretation)),
        "more_languages": sorted(((tag, language_name(tag)) for tag in MANY), key=lambda each: each[1].casefold()),
        "may_join": visit.may("meeting.join", Thing(consultation.id)),
        "plans": visit.may("meeting.plan", Thing(consultation.id)),
        "transcribes": visit.may("contribution.transcribe", Thing(consultation.id)),
        "faults": Faults(error.fields if isinstance(error, errors.Invalid) else {}),
        "message": error.message if error and not invalid else "",
    }
    if error is not None:
        return visit.page("meetings/planned_meeting.html", status=status_of(error), **context)
    return visit.public("meetings/planned_meeting.html", version_of(consultation), **context)


def _as_said(mine: OwnRegistration | None) -> Coming:
    if mine is None:
        return Coming()
    return Coming(mine.attends, tuple(mine.speaks), tuple(mine.interpretation), mine.access_needs or "")
