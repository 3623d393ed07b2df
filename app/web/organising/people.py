"""`/c/{consultation}/organise/people`: who holds a role, what is offered, and the form that offers one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.accounts import limits, offers
from app.accounts import team as acts
from app.accounts.people import email_address
from app.accounts.roles import GRANTABLE, WORKING
from app.consultations.offering import offer_role
from app.language import OWN_NAMES, meant
from app.language import gettext as _
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.organising import team
from app.web.kit import words
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
NOTHING_SENT: Mapping[str, Any] = {}
_TO_AN_ADDRESS = {"most": 10, "per_seconds": 86_400}  # nobody is to be pestered, whoever the organisers are


@router.get("/c/{slug}/organise/people")
async def people(visit: Visiting, slug: str) -> Response:
    """The page, for organisers."""
    return await _show(visit, await _consultation(visit, slug))


@router.post("/c/{slug}/organise/people")
async def offer(visit: Visiting, slug: str) -> Response:
    """Offer a role to who has an address."""
    sent, consultation = await visit.form(), await _consultation(visit, slug)
    email, role, topic, language = (str(sent.get(name, "")) for name in ("email", "role", "topic", "language"))
    try:
        address = email_address(email)  # or each way to write a domain would have a count of its own
        await limits.allow(visit.database, "role offered to", address, **_TO_AN_ADDRESS)
        async with visit.database.writing() as session:
            await offer_role(session, visit.actor, consultation.id, email, role, topic, language)
    except (errors.Invalid, errors.RateLimited) as error:
        return await _show(visit, consultation, error, sent)
    return visit.go(f"/c/{slug}/organise/people", done="offered")


@router.post("/c/{slug}/organise/people/offers/{id}")
async def take_back(visit: Visiting, slug: str, id: UUID) -> Response:
    """Take an offer back."""
    await visit.form()
    consultation = await _consultation(visit, slug)
    try:
        async with visit.database.writing() as session:
            await offers.take_back(session, visit.actor, consultation.id, id)
    except errors.Conflict as error:
        return await _show(visit, consultation, error)
    return visit.go(f"/c/{slug}/organise/people", done="taken-back")


@router.post("/c/{slug}/organise/people/{id}")
async def revoke(visit: Visiting, slug: str, id: UUID) -> Response:
    """Take a role back from who holds it."""
    sent, consultation = await visit.form(), await _consultation(visit, slug)
    try:
        async with visit.database.writing() as session:
            await acts.revoke(session, visit.actor, consultation.id, id, str(sent.get("reason", "")))
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, consultation, error, sent, about=id)
    return visit.go(f"/c/{slug}/organise/people", done="revoked")


async def _consultation(visit: Visit, slug: str) -> ConsultationView:
    async with visit.database.reading() as connection:
        return await consultations.consultation(connection, slug)


def _offerable(consultation: ConsultationView) -> tuple[str, ...]:
    """Everybody takes part in what is public: only into a private consultation people are invited."""
    return GRANTABLE if consultation.details.get("private") else WORKING


async def _show(
    visit: Visit, consultation: ConsultationView, error: errors.PlenaryError | None = None,
    sent: Mapping[str, Any] = NOTHING_SENT, about: UUID | None = None,
) -> Response:  # fmt: skip
    async with visit.database.writing() as session:
        holders, offered = await team.in_consultation(session, visit.actor, consultation.id)
    return visit.page(
        "organising/people.html",
        **refusal(error),
        consultation=consultation,
        holders=[(role, [each for each in holders if each.role == role]) for role in GRANTABLE[::-1]],
        offered=offered,
        roles=[(role, _(words.ROLES[role]), _(words.ROLE_MEANINGS[role])) for role in _offerable(consultation)],
        topics=[(topic.slug, topic.title) for topic in consultation.topics],
        languages=list(OWN_NAMES.items()),
        mail_language=meant(consultation.languages[0]) or visit.language,
        sent=sent,
        about=about,
    )
