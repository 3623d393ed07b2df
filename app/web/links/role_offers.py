"""`/role/{id}/{token}`: what an offered role means, and its answer. Opening the link changes nothing, nor signs in."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.accounts import limits, offers
from app.accounts.profile import profile_of
from app.accounts.roles import WORKING
from app.language import gettext as _
from app.readings import consultations
from app.readings.organising import team
from app.readings.organising.team import OfferView
from app.web.kit import words
from app.web.kit.network import network_of
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
_FROM_A_NETWORK = {"most": 60, "per_seconds": 900}


@router.get("/role/{id}/{token}")
async def read(visit: Visiting, id: UUID, token: str) -> Response:
    """What it is about, for whoever has the link; the form to accept it, for who has the address."""
    return await _show(visit, id, token)


@router.post("/role/{id}/{token}")
async def answer(visit: Visiting, id: UUID, token: str) -> Response:
    """Accept it, or decline it."""
    sent = await visit.form()
    await limits.allow(visit.database, "role from", network_of(visit.request), **_FROM_A_NETWORK)
    if sent.get("answer") not in ("accept", "decline"):
        raise errors.Malformed(_("This form is broken. Please open it again."))
    try:
        async with visit.database.writing() as session:
            if sent.get("answer") == "decline":
                await offers.decline(session, id, token)
            else:
                await offers.accept(session, visit.actor, id, token, str(sent.get("listing", "")))
    except (errors.Invalid, errors.Gone, errors.Forbidden) as error:
        return await _show(visit, id, token, error)
    if sent.get("answer") == "accept":
        return visit.go("/me/roles", done="accepted")
    return await _show(visit, id, token, done=True)


async def _show(
    visit: Visit, id: UUID, token: str, error: errors.PlenaryError | None = None, *, done: bool = False
) -> Response:
    async with visit.database.writing() as session:
        found = await team.offer(session, visit.actor, id, token)
        profile = await profile_of(session, visit.actor, visit.person) if visit.actor.person else None
    if found.state == "unknown":
        raise errors.NotFound(_("There is no such page."))
    return visit.page(
        "links/role_offer.html",
        **refusal(error, 200 if found.state == "good" or done else 410),
        consultation=None,
        found=found,
        declined_now=done,
        is_visible=await _is_visible(visit, found.slug),
        meaning=_(words.ROLE_MEANINGS[found.role]),
        role=_(words.ROLES[found.role]),
        listings=words.listings(profile.form.organisation if profile else None) if found.role in WORKING else [],
        stranger=visit.actor.person is None,
        onward=_onward(visit, found),
    )


async def _is_visible(visit: Visit, slug: str) -> bool:
    """Whether the visitor can look at the consultation before they accept: not at a private one."""
    try:
        async with visit.database.reading() as connection:
            await consultations.consultation(connection, slug)
    except errors.NotFound:
        return False
    return True


def _onward(visit: Visit, found: OfferView) -> str:
    """Where to go first: to sign in, or to give a name. Nothing, where the offer can be accepted."""
    if visit.actor.person is None:
        return f"/sign-in?onward={found.path}"
    return "" if visit.actor.complete else f"/me/welcome?onward={found.path}"
