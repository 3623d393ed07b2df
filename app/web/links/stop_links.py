"""`/stop/{token}`: what a mail's link to hear no more opens. It needs no signing in, and looking does nothing."""

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from app import errors
from app.accounts import limits
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.notifications import stopping
from app.notifications.stopping import Stop
from app.readings.letters.news_letters import title_of
from app.web.kit.network import network_of
from app.web.kit.visit import PRIVATE, Visiting

router = APIRouter()
_FROM_A_NETWORK = {"most": 300, "per_seconds": 900}
_FROM_A_PROVIDER = {"most": 5_000, "per_seconds": 900}  # of mail, on behalf of many
_SHORT = 10_000  # bytes
_MAIL = {
    "thread": N_("Mail about a thread"),
    "topic": N_("Mail about a topic"),
    "consultation": N_("Mail about what is new in a consultation"),
    "digest": N_("The mail, once a day or once a week, with what is new"),
    "replies": N_("Mail about replies to what you wrote"),
    "dates": N_("Mail about dates of consultations"),
    "outcome": N_("Mail about reports, and recommendations that cite you"),
    "waiting": N_("Mail about what waits for you as a moderator"),
}


@router.get("/stop/{token}")
async def ask(visit: Visiting, token: str, was: str = "") -> Response:
    """What it stops, and the button; or that it is stopped, and the way back."""
    stop = _read(token)
    async with visit.database.writing() as session:
        pace = await stopping.pace_now(session, stop)
        title = await title_of(session, stop.thing, stop.person) if stop.what in stopping.FOLLOWED else None
    before = was if was in stopping.paces(stop) else stopping.usual(stop)
    return visit.page(
        "links/stop.html",
        consultation=None, token=token, mail=_(_MAIL[stop.what]), title=title, stopped=pace == "never",
        before=before,
    )  # fmt: skip


@router.post("/stop/{token}/change")
async def change(visit: Visiting, token: str) -> Response:
    """The page's button: stop it, or let it go on as before."""
    stop, sent = _read(token), await visit.form()
    await limits.allow(visit.database, "stop from", network_of(visit.request), **_FROM_A_NETWORK)
    pace = str(sent.get("pace", ""))
    if pace not in (*stopping.paces(stop), "never"):
        raise errors.Malformed(_("This form is broken. Please open it again."))
    async with visit.database.writing() as session:
        before = await stopping.pace_now(session, stop)
        await stopping.set_pace(session, stop, pace)
    return visit.go(f"/stop/{token}?was={before}" if pace == "never" else f"/stop/{token}")


@router.post("/stop/{token}")
async def one_click(request: Request, token: str) -> Response:
    """Unsubscribing with one press in a mail program (RFC 8058): it comes from no page of ours, and holds the link."""
    stop = _read(token)
    await limits.allow(request.app.state.database, "stopped from", network_of(request), **_FROM_A_PROVIDER)
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 9 and int(length) <= _SHORT):
        raise errors.Malformed(_("This form is broken. Please open it again."))
    sent = await request.form(max_files=0, max_fields=5)
    if sent.get("List-Unsubscribe") != "One-Click":
        raise errors.Malformed(_("This form is broken. Please open it again."))
    async with request.app.state.database.writing() as session:
        await stopping.set_pace(session, stop, "never")
    return PlainTextResponse(_("You get no more of this mail."), headers={"Cache-Control": PRIVATE})


def _read(token: str) -> Stop:
    stop = stopping.read(token)
    if stop is None:
        raise errors.NotFound(_("There is no such page."))
    return stop
