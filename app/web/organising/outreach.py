"""`/c/{consultation}/organise/invitations`: invite people from a list, and see what became of each round."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.language import LANGUAGES, OWN_NAMES, speaking
from app.outreach import actions, lists, notes, texts
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.organising import outreach as readings
from app.web.kit.allowed import consultation_to
from app.web.kit.visit import Visit, Visiting
from app.web.organising import outreach_form
from app.web.organising.outreach_form import PART, Form

router = APIRouter()
_FILES = 2  # a list and a note


@router.get("/c/{slug}/organise/invitations")
async def rounds(visit: Visiting, slug: str) -> Response:
    """The rounds of a consultation, newest first."""
    consultation = await consultation_to(visit, "people.invite", slug)
    async with visit.database.writing() as session:
        found = await readings.rounds(session, visit.actor, consultation.id)
    return visit.page("organising/outreach.html", consultation=consultation, rounds=found)


@router.get("/c/{slug}/organise/invitations/new")
async def blank(visit: Visiting, slug: str) -> Response:
    """The form of a new round."""
    consultation = await consultation_to(visit, "people.invite", slug)
    private = consultation.id in visit.actor.admitted
    return _form(visit, consultation, outreach_form.blank(consultation, private=private))


@router.post("/c/{slug}/organise/invitations/new")
async def send(visit: Visiting, slug: str) -> Response:
    """Show what would happen, or let it happen: only with a list that was shown before."""
    sent = await visit.form(files=_FILES, longest=PART)
    consultation = await consultation_to(visit, "people.invite", slug)
    form = outreach_form.from_request(sent)
    try:
        await outreach_form.read_list(form, sent)
        note = await outreach_form.note_in(visit, sent)
        plan = form.plan(note)
        if sent.get("do") == "send" and form.seen == form.digest:
            async with visit.database.writing() as session:
                made = await actions.invite(session, visit.actor, consultation.id, plan, form.id)
            return visit.go(f"/c/{slug}/organise/invitations/{made.id}", done="sent")
        async with visit.database.writing() as session:
            form.found = await actions.look(session, visit.actor, consultation.id, plan)
        form.seen, form.title = form.digest, await _title(visit, slug, form.first.language or form.language)
    except (errors.Invalid, errors.Conflict, errors.Closed, errors.RateLimited) as error:
        form.error = error
    return _form(visit, consultation, form, again=outreach_form.has_note(sent))


@router.get("/c/{slug}/organise/invitations/{id}")
async def one(visit: Visiting, slug: str, id: UUID) -> Response:
    """One round, and everybody in it."""
    consultation = await consultation_to(visit, "people.invite", slug)
    cursor = visit.request.query_params.get("cursor")
    async with visit.database.writing() as session:
        found = await readings.one_round(session, visit.actor, consultation.id, id)
        people = await readings.invitees(session, visit.actor, consultation.id, id, cursor=cursor)
    return visit.page("organising/outreach_round.html", consultation=consultation, round=found, people=people)


@router.get("/c/{slug}/organise/invitations/{id}/stop")
async def ask_stop(visit: Visiting, slug: str, id: UUID) -> Response:
    """Whether what still waits shall not be sent."""
    consultation = await consultation_to(visit, "people.invite", slug)
    async with visit.database.writing() as session:
        found = await readings.one_round(session, visit.actor, consultation.id, id)
    return visit.page("organising/outreach_stop.html", consultation=consultation, round=found)


@router.post("/c/{slug}/organise/invitations/{id}/stop")
async def stop(visit: Visiting, slug: str, id: UUID) -> Response:
    """Send no more of it."""
    consultation = await consultation_to(visit, "people.invite", slug)
    async with visit.database.writing() as session:
        await actions.stop(session, visit.actor, consultation.id, id)
    return visit.go(f"/c/{slug}/organise/invitations/{id}", done="stopped")


async def _title(visit: Visit, slug: str, language: str) -> str:
    """The consultation's title as who reads this language has it."""
    with speaking(language):
        async with visit.database.reading() as connection:
            return (await consultations.consultation(connection, slug)).title


def _form(visit: Visit, consultation: ConsultationView, form: Form, *, again: bool = False) -> Response:
    return visit.page(
        "organising/outreach_new.html",
        status=form.status, consultation=consultation, form=form, faults=form.faults, again=again,
        languages=[(tag, OWN_NAMES[tag]) for tag in LANGUAGES], sender=visit.visitor.name, texts=texts,
        limits={"people": lists.MOST, "days": actions.MOST_DAYS, "note": notes.MOST_BYTES // 2**20,
                "faults": outreach_form.SHOWN_FAULTS, "shown": outreach_form.SHOWN_PEOPLE},
    )  # fmt: skip
