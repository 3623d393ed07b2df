"""`/invitation/{id}/{token}`: the page that an invitation opens. Accept it, or hear no more; looking does nothing."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from app import errors
from app.accounts import limits
from app.language import gettext as _
from app.outreach import answering
from app.readings.organising import outreach as readings
from app.web.kit.network import network_of
from app.web.kit.visit import PRIVATE, Visiting

router = APIRouter()
_FROM_A_NETWORK = {"most": 120, "per_seconds": 900}
_FROM_A_PROVIDER = {"most": 5_000, "per_seconds": 900}  # of mail, on behalf of many
_SHORT = 10_000  # bytes


@router.get("/invitation/{id}/{token}")
async def read(visit: Visiting, id: UUID, token: str) -> Response:
    """The question, and what was answered. Opening it changes nothing."""
    async with visit.database.writing() as session:
        found = await readings.invited(session, id, token)
    if found.state == "unknown":
        raise errors.NotFound(_("There is no such page."))
    status = 410 if found.state == "over" else 200
    return visit.page("links/outreach_link.html", status=status, consultation=None, invited=found)


@router.post("/invitation/{id}/{token}")
async def answer(visit: Visiting, id: UUID, token: str) -> Response:
    """Accept, or want no more."""
    sent = await visit.form()
    await limits.allow(visit.database, "invitation from", network_of(visit.request), **_FROM_A_NETWORK)
    if sent.get("answer") not in ("accept", "decline"):
        raise errors.Malformed(_("This form is broken. Please open it again."))
    try:
        async with visit.database.writing() as session:
            if sent.get("answer") == "accept":
                await answering.accept(session, id, token)
            else:
                await answering.decline(session, id, token)
    except errors.Gone:
        return await read(visit, id, token)
    return visit.go(f"/invitation/{id}/{token}")


@router.get("/invitation/{id}/{token}/decline")
async def to_page(id: UUID, token: str) -> Response:
    """Where a mail program opens the address with which it could unsubscribe: to the page that asks."""
    return RedirectResponse(f"/invitation/{id}/{token}", 303, {"Cache-Control": PRIVATE})


@router.post("/invitation/{id}/{token}/decline")
async def one_click(request: Request, id: UUID, token: str) -> Response:
    """Unsubscribing with one press in a mail program (RFC 8058): it comes from no page of ours, and holds the link."""
    await limits.allow(request.app.state.database, "unsubscribe from", network_of(request), **_FROM_A_PROVIDER)
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 9 and int(length) <= _SHORT):
        raise errors.Malformed(_("This form is broken. Please open it again."))
    sent = await request.form(max_files=0, max_fields=5)
    if sent.get("List-Unsubscribe") != "One-Click":
        raise errors.Malformed(_("This form is broken. Please open it again."))
    async with request.app.state.database.writing() as session:
        await answering.decline(session, id, token)
    return PlainTextResponse(_("Nothing is sent to you any more."), headers={"Cache-Control": PRIVATE})
