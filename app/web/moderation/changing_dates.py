"""`/c/{consultation}/moderate/dates`: an organiser opens, extends, closes, reopens, reports, archives, and says why."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app import errors
from app.consultations import schedule
from app.consultations.phasing import PhaseChange, change_phase
from app.language import gettext as _
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView, TopicView
from app.web.kit.refused import refusal
from app.web.kit.visit import PRIVATE, Visit, Visiting

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Dated:
    """The consultation (without a topic) or a topic, with the acts that its dates allow now."""

    title: str
    phase: str
    opens: datetime | None
    closes: datetime | None
    acts: tuple[str, ...]
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent."""

    topic: str = ""
    act: str = ""
    closes: str = ""
    reason: str = ""


@router.get("/c/{slug}/moderate/dates")
async def dates(visit: Visiting, slug: str) -> Response:
    """The dates of the consultation and its topics, each with what can be done about them now."""
    return _show(visit, await _to_change(visit, slug))


@router.get("/c/{slug}/extend")
async def moved(slug: str) -> Response:
    """The address that extending had once: for good, this page."""
    return RedirectResponse(f"/c/{quote(slug, safe='')}/moderate/dates", 308, {"Cache-Control": PRIVATE})


@router.post("/c/{slug}/moderate/dates")
async def change(visit: Visiting, slug: str) -> Response:
    """Do one act; what cannot be done comes back with the reason beside it."""
    form, consultation = await visit.form(), await _to_change(visit, slug)
    sent = Sent(*(str(form.get(name, "")) for name in ("topic", "act", "closes", "reason")))
    try:
        until = moment_of(sent.closes, consultation) if sent.act in ("extend", "reopen") and sent.closes else None
        asked = PhaseChange(sent.act, sent.reason, until, sent.topic or None)
        async with visit.database.writing() as session:
            await change_phase(session, visit.actor, consultation.id, asked)
    except (errors.Invalid, errors.Conflict) as error:
        return _show(visit, consultation, sent, error)
    return visit.go(f"/c/{slug}/moderate/dates", done="dates")


def moment_of(given: str, consultation: ConsultationView) -> datetime:
    """A form's local time, in the consultation's zone. Raises Invalid."""
    try:
        return schedule.moment(datetime.fromisoformat(given), consultation.zone)
    except (ValueError, OverflowError):
        raise errors.Invalid(
            {"closes": _("Please write a date and time as in 2026-12-31T23:59 that exists in the time zone.")}
        ) from None


async def _to_change(visit: Visit, slug: str) -> ConsultationView:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    if not visit.may("phase.change", Thing(consultation.id)):
        visit.person  # noqa: B018  # a stranger is asked to sign in
        raise errors.Forbidden(_("Only an organiser can do this."))
    return consultation


def _show(
    visit: Visit, consultation: ConsultationView, sent: Sent | None = None, error: errors.PlenaryError | None = None
) -> Response:
    return visit.page(
        "moderation/dates.html",
        **refusal(error),
        consultation=consultation,
        things=[_whole(consultation), *(_one(topic, consultation) for topic in consultation.topics)],
        sent=sent,
    )


def _whole(consultation: ConsultationView) -> Dated:
    extends = ("extend",) if consultation.closes else ()
    acts = {
        "announced": ("open", *extends), "open": (*extends, "close"), "closed": ("reopen", "report", "archive"),
        "reported": ("archive",),
    }  # fmt: skip
    return Dated(
        _("The whole consultation"), consultation.phase, consultation.opens, consultation.closes,
        acts.get(consultation.phase, ()),
    )  # fmt: skip


def _one(topic: TopicView, consultation: ConsultationView) -> Dated:
    extends = ("extend",) if topic.own_closes else ()
    acts = {"announced": ("open", *extends), "open": (*extends, "close"), "closed": ("reopen",)}
    possible = acts.get(topic.phase, ()) if consultation.phase == "open" else ()
    return Dated(topic.title, topic.phase, topic.opens, topic.closes, possible, topic.slug)
