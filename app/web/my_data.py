"""`/me/data`: download what is held about oneself, erase the account."""

from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from app import clock
from app.accounts import actions as accounts
from app.accounts.held import held_about
from app.contributions import drafts
from app.moderation import erasing
from app.notifications import deliveries
from app.readings import private
from app.web import cookies
from app.web.language import gettext as _
from app.web.visit import PRIVATE, Visit, Visiting

router = APIRouter()
_ALL = 1_000_000


@router.get("/me/data")
async def data(visit: Visiting) -> Response:
    """What one can do about one's data."""
    return visit.page("data.html", person=visit.person, fault="")


@router.get("/me/data/download")
async def download(visit: Visiting) -> Response:
    """Everything that is held about oneself, as one JSON file."""
    person = visit.person
    async with visit.database.writing() as session:
        held = await _held(session, visit, person)
    name = f"plenary-{clock.now():%Y-%m-%d}.json"
    return Response(
        orjson.dumps(held, option=orjson.OPT_INDENT_2),
        media_type="application/json",
        headers={"Cache-Control": PRIVATE, "Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("/me/data/erase")
async def erase_account(visit: Visiting) -> Response:
    """Erase the account and, as chosen, the texts with it or only the names on them."""
    sent, person = await visit.form(), visit.person
    texts = sent.get("texts")
    if texts not in ("erase", "keep") or sent.get("sure") != "yes":
        fault = _("Please choose what happens to your texts, and tick that you are sure.")
        return visit.page("data.html", status=422, person=person, fault=fault)
    async with visit.database.writing() as session:
        take_leave = erasing.erase_all_by if texts == "erase" else erasing.keep_all_anonymous
        await take_leave(session, visit.actor, person)
        await accounts.erase_account(session, visit.actor, person)
    response = visit.go("/")
    cookies.forget(visit.request, response, cookies.SESSION)
    return response


async def _held(session: AsyncSession, visit: Visit, person: UUID) -> dict[str, Any]:
    return {
        **await held_about(session, visit.actor, person),
        "contributions": [own.fields for own in await private.mine(session, person, visit.base, limit=_ALL)],
        "drafts": [
            {"id": str(draft.id), "updated": clock.iso(draft.updated), **draft.fields}
            for draft in await drafts.drafts_of(session, visit.actor, None, _ALL)
        ],
        "messages": await deliveries.held_about(session, person),
    }
