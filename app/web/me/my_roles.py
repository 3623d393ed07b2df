"""`/me/roles`: the roles one holds, how the public is told of them, laying them down; and what is offered."""

from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.accounts import team as acts
from app.accounts.profile import profile_of
from app.readings.organising import team
from app.web.kit import words
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting

router = APIRouter()


@router.get("/me/roles")
async def mine(visit: Visiting) -> Response:
    """One's roles, and the offers that wait for one's answer."""
    return await _show(visit)


@router.post("/me/roles/{id}/listing")
async def listing(visit: Visiting, id: UUID) -> Response:
    """Be listed otherwise."""
    sent, _signed_in = await visit.form(), visit.person
    try:
        async with visit.database.writing() as session:
            await acts.list_as(session, visit.actor, id, str(sent.get("listing", "")))
    except errors.Invalid as error:
        return await _show(visit, error, id)
    return visit.go("/me/roles", done="listed")


@router.post("/me/roles/{id}/leave")
async def leave(visit: Visiting, id: UUID) -> Response:
    """Lay a role down."""
    await visit.form()
    _signed_in = visit.person
    try:
        async with visit.database.writing() as session:
            await acts.leave(session, visit.actor, id)
    except errors.Conflict as error:
        return await _show(visit, error, id)
    return visit.go("/me/roles", done="left")


async def _show(visit: Visit, error: errors.PlenaryError | None = None, about: UUID | None = None) -> Response:
    person = visit.person
    async with visit.database.writing() as session:
        profile = await profile_of(session, visit.actor, person)
        roles, offered = await team.own(session, visit.actor)
    return visit.page(
        "me/my_roles.html",
        **refusal(error),
        roles=roles,
        offered=offered,
        listings=words.listings(profile.form.organisation),
        my_zone=ZoneInfo(profile.form.time_zone),
        about=about,
    )
