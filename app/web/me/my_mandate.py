"""`/me/mandate`: whether one's mandate is confirmed; asking organisers to confirm it, and taking that back."""

from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.accounts import mandates
from app.accounts.profile import profile_of
from app.consultations.floor import consultation_id
from app.language import gettext as _
from app.readings import consultations
from app.readings.organising.mandates import newest_of
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting

router = APIRouter()


@router.get("/me/mandate")
async def mine(visit: Visiting) -> Response:
    """How it stands, and the form that asks."""
    return await _show(visit)


@router.post("/me/mandate")
async def ask(visit: Visiting) -> Response:
    """Ask the organisers of the consultation that was chosen."""
    sent, _signed_in = await visit.form(), visit.person
    slug, words = str(sent.get("consultation", "")), str(sent.get("words", ""))
    try:
        if not slug:
            raise errors.Invalid({"consultation": _("Please choose whose organisers you ask.")})
        async with visit.database.writing() as session:
            await mandates.ask(session, visit.actor, await consultation_id(session, slug), words)
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, slug, words, error)
    return visit.go("/me/mandate", done="asked")


@router.post("/me/mandate/{slug}/{id}/take-back")
async def take_back(visit: Visiting, slug: str, id: UUID) -> Response:
    """Ask no longer."""
    _signed_in = visit.person
    async with visit.database.writing() as session:
        await mandates.take_back(session, visit.actor, await consultation_id(session, slug), id)
    return visit.go("/me/mandate", done="taken-back")


async def _show(visit: Visit, slug: str = "", words: str = "", error: errors.PlenaryError | None = None) -> Response:
    person = visit.person
    async with visit.database.reading() as connection:
        known = await consultations.consultations(connection)
    async with visit.database.writing() as session:
        profile = await profile_of(session, visit.actor, person)
        claim = await newest_of(session, person)
    open_now = [view for view in known if view.phase == "open"] or known
    return visit.page(
        "me/my_mandate.html",
        **refusal(error),
        profile=profile,
        my_zone=ZoneInfo(profile.form.time_zone),
        claim=claim,
        choices=[(view.slug, view.title, "") for view in open_now],
        chosen=[slug] if slug else [open_now[0].slug] if len(open_now) == 1 else [],
        words_given=words,
    )
