"""`/c/{consultation}/organise/addressees`: the institutions that the outcome goes to: listed, written to, asked."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app import errors
from app.language import LANGUAGES, OWN_NAMES
from app.language import gettext as _
from app.notifications.outcome_plan import became
from app.outreach import addressees as acts
from app.outreach.addressees import Entry
from app.readings.consultation_views import ConsultationView
from app.readings.organising import institutions as readings
from app.readings.organising.institutions import InstitutionView
from app.readings.outcome import recommendations, report, summary
from app.synthesis import sending
from app.synthesis.sending import Parcel
from app.web.kit import outcome_words
from app.web.kit.allowed import consultation_to
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
_FIELDS = 2 * acts.MOST + 20
_NUMBERS = re.compile(r"[0-9]{1,9}(?:[\s,;،，、]+[0-9]{1,9})*")
_Error = errors.PlenaryError | None


@router.get("/c/{slug}/organise/addressees")
async def listed(visit: Visiting, slug: str) -> Response:
    """The list, what was sent to each, and the form that adds one."""
    consultation = await consultation_to(visit, "outcome.send", slug)
    return await _list(visit, consultation, Entry(language=visit.language))


@router.post("/c/{slug}/organise/addressees")
async def add(visit: Visiting, slug: str) -> Response:
    """Put an institution on the list. What cannot be taken comes back with the reason beside it."""
    sent, consultation = await visit.form(), await consultation_to(visit, "outcome.send", slug)
    given = _entry(sent)
    try:
        async with visit.database.writing() as session:
            await acts.add(session, visit.actor, consultation.id, given)
    except (errors.Invalid, errors.Conflict) as error:
        return await _list(visit, consultation, given, error)
    return visit.go(f"/c/{slug}/organise/addressees", done="added")


@router.get("/c/{slug}/organise/addressees/send")
async def ask_send(visit: Visiting, slug: str) -> Response:
    """What can be sent, and to whom; each with the recommendations that name it."""
    return await _send_form(visit, await consultation_to(visit, "outcome.send", slug))


@router.post("/c/{slug}/organise/addressees/send")
async def send(visit: Visiting, slug: str) -> Response:
    """Send it; the worker writes the mails."""
    sent, consultation = await visit.form(_FIELDS), await consultation_to(visit, "outcome.send", slug)
    try:
        parcel = _parcel(sent)
        async with visit.database.writing() as session:
            await sending.send(session, visit.actor, consultation.id, parcel)
    except (errors.Invalid, errors.NotFound) as error:
        return await _send_form(visit, consultation, error, sent)
    return visit.go(f"/c/{slug}/organise/addressees", done="sent")


@router.get("/c/{slug}/organise/addressees/{id:uuid}")
async def one(visit: Visiting, slug: str, id: UUID) -> Response:
    """One institution: what the list says of it, and its link."""
    return await _one(visit, await consultation_to(visit, "outcome.send", slug), id)


@router.post("/c/{slug}/organise/addressees/{id:uuid}")
async def act(visit: Visiting, slug: str, id: UUID) -> Response:
    """Change the entry, ask for an answer, end the link, or take the institution off the list."""
    sent, consultation = await visit.form(), await consultation_to(visit, "outcome.send", slug)
    do, given = str(sent.get("do", "")), _entry(sent)
    try:
        async with visit.database.writing() as session:
            about = (session, visit.actor, consultation.id, id)
            if do == "change":
                await sending.change(*about, given)
            elif do == "ask":
                await sending.ask(*about, _numbers(sent, "numbers"))
            elif do == "revoke":
                await sending.revoke(*about)
            elif do == "remove":
                await acts.remove(*about)
            else:
                raise errors.Malformed(_("This form is broken. Please open it again."))
    except errors.Invalid as error:
        return await _one(visit, consultation, id, given if do == "change" else None, error)
    here = f"/c/{slug}/organise/addressees"
    return visit.go(here if do == "remove" else f"{here}/{id}", done=do)


def _entry(sent: FormData) -> Entry:
    return Entry(**{name: str(sent.get(name, "")) for name in ("institution", "kind", "email", "name", "language")})


def _parcel(sent: FormData) -> Parcel:
    what, _dot, version = str(sent.get("what", "")).partition(".")
    to: dict[UUID, list[int]] = {}
    for value in sent.getlist("to"):
        try:
            id = UUID(str(value))
        except ValueError:
            raise errors.Malformed(_("This form is broken. Please open it again.")) from None
        to[id] = _numbers(sent, f"numbers.{id}")
    return Parcel(what, int(version) if version.isascii() and version.isdigit() and len(version) < 6 else 0, to)


def _numbers(sent: FormData, name: str) -> list[int]:
    said = str(sent.get(name, "")).strip()
    if said and not _NUMBERS.fullmatch(said):
        raise errors.Invalid({name: _("Please give numbers of recommendations, as in 1, 3.")})
    return [int(each) for each in re.findall(r"[0-9]+", said)]


async def _list(visit: Visit, consultation: ConsultationView, given: Entry, error: _Error = None) -> Response:
    async with visit.database.writing() as session:
        found = await readings.institutions(session, visit.actor, consultation.id)
        mails = await became(session, [each.id for institution in found for each in institution.sent])
    return visit.page(
        "organising/addressees.html", institutions=found, mails=mails, given=given, **_common(consultation, error)
    )  # fmt: skip


async def _one(
    visit: Visit, consultation: ConsultationView, id: UUID, given: Entry | None = None, error: _Error = None
) -> Response:
    async with visit.database.writing() as session:
        found = await readings.institution(session, visit.actor, consultation.id, id)
        mails = await became(session, [each.id for each in found.sent])
    return visit.page(
        "organising/addressee.html",
        institution=found, mails=mails, given=given or found.entry, **_common(consultation, error)
    )  # fmt: skip


async def _send_form(
    visit: Visit, consultation: ConsultationView, error: _Error = None, sent: FormData | None = None
) -> Response:
    async with visit.database.writing() as session:
        found = await readings.institutions(session, visit.actor, consultation.id)
    async with visit.database.reading() as connection:
        summaries = await summary.versions(connection, consultation.id)
        reports = await report.versions(connection, consultation.id)
        final = await recommendations.recommendations(connection, consultation.id)
    numbers = {each.id: _named(each, final) for each in found}
    if sent is not None:
        numbers |= {each.id: str(sent.get(f"numbers.{each.id}", "")) for each in found}
    choices = [
        *((f"summary.{each.version}", _("Summary, version %(n)s", n=each.version), each.title) for each in summaries),
        *((f"report.{each.version}", _("Report, version %(n)s", n=each.version), each.title) for each in reports),
    ]
    return visit.page(
        "organising/send_outcome.html",
        institutions=found,
        choices=choices,
        numbers=numbers,
        what=str(sent.get("what", "")) if sent is not None else (choices[0][0] if choices else ""),
        to=[str(each) for each in sent.getlist("to")] if sent is not None else [],
        **_common(consultation, error),
    )


def _named(institution: InstitutionView, found: list[recommendations.RecommendationView]) -> str:
    """The final recommendations that are addressed to an institution by name."""
    name = institution.institution.casefold()
    return ", ".join(
        str(each.number) for each in found if each.stage == "final" and each.addressee_name.casefold() == name
    )


def _common(consultation: ConsultationView, error: _Error) -> Mapping[str, Any]:
    return {
        **refusal(error),
        "consultation": consultation,
        "kinds": [(key, _(label)) for key, label in outcome_words.ADDRESSEES.items()],
        "languages": [(tag, OWN_NAMES[tag]) for tag in LANGUAGES],
        "outcome": outcome_words,
        "limit": acts.LIMIT,
    }
