"""`/sign-in`: ask for a mail, enter its code or open its link; sign out. Opening an address never signs anybody in."""

from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.accounts import limits, sessions
from app.accounts import sign_in as actions
from app.accounts.sign_in import NotSignedIn, SignedIn, own_path
from app.language import gettext as _
from app.language import ngettext
from app.web.kit import cookies
from app.web.kit.contribution_form import Faults
from app.web.kit.network import network_of
from app.web.kit.visit import Stopping, Visit, Visiting

router = APIRouter()


@router.get("/sign-in")
async def ask_form(visit: Visiting, onward: str = "/") -> Response:
    """The form for a mail address."""
    return visit.page("me/sign_in.html", onward=own_path(onward), email="", faults=Faults())


@router.post("/sign-in")
async def ask(visit: Visiting) -> Response:
    """Have a mail sent. The answer is the same for every address, known or not."""
    sent = await visit.form()
    email, onward = str(sent.get("email", "")), own_path(str(sent.get("onward", "/")))
    try:
        await limits.allow_sign_in(visit.database, email, network_of(visit.request))
        async with visit.database.writing() as session:
            challenge = await actions.ask_sign_in(session, email, visit.own_browser(), onward, visit.language)
    except errors.Invalid as error:
        return visit.page("me/sign_in.html", status=422, onward=onward, email=email, faults=Faults(error.fields))
    response = visit.go(f"/sign-in/code?challenge={challenge.id}")
    # The code's page shows the address, so that a slip in it is seen; an address in the URL would stay in the history.
    cookies.write(visit.request, response, cookies.ASKED, f"{challenge.id}|{challenge.email}", cookies.ASKED_LASTS)
    return response


@router.get("/sign-in/code")
async def code_form(visit: Visiting, challenge: UUID) -> Response:
    """The form for the mailed code."""
    return _show_code(visit, challenge)


@router.post("/sign-in/code")
async def enter_code(visit: Visiting) -> Response:
    """Sign in with the code; in a browser that only opened the link, together with the link's token."""
    sent = await visit.form()
    challenge, link_token = _identifier(str(sent.get("challenge", ""))), str(sent.get("link_token", "")) or None
    await limits.allow_sign_in_tries(visit.database, network_of(visit.request))
    async with visit.database.writing() as session:  # commits whatever comes of it: each try counts
        outcome = await actions.sign_in_with_code(
            session, challenge, str(sent.get("code", "")), visit.browser, _device(visit), link_token
        )
    if isinstance(outcome, NotSignedIn):
        return _show_code(visit, challenge, outcome, link_token)
    return await _signed_in(visit, outcome)


@router.get("/sign-in/{challenge}/{token}")
async def link(visit: Visiting, challenge: UUID, token: str) -> Response:
    """What the mailed link would do, and the button that does it: mail scanners open links too."""
    async with visit.database.at_once() as connection:
        peeked = await actions.peek_link(connection, challenge, token, visit.browser)
    if peeked.state == "other_browser":
        return _show_code(visit, challenge, None, token, email=peeked.email or "")
    if peeked.state != "good":
        return visit.page("me/link_over.html", status=410, why=_WHY[peeked.state]())
    return visit.page("me/link.html", email=peeked.email, action=visit.request.url.path)


@router.post("/sign-in/{challenge}/{token}")
async def use_link(visit: Visiting, challenge: UUID, token: str) -> Response:
    """Sign in by the link."""
    await limits.allow_sign_in_tries(visit.database, network_of(visit.request))
    async with visit.database.writing() as session:
        outcome = await actions.sign_in_with_link(session, challenge, token, visit.browser, _device(visit))
    if isinstance(outcome, SignedIn):
        return await _signed_in(visit, outcome)
    if outcome.why == "other_browser":
        return _show_code(visit, challenge, None, token)
    return visit.page("me/link_over.html", status=410, why=_WHY[outcome.why]())


@router.post("/sign-out")
async def sign_out(visit: Stopping) -> Response:
    """End this browser's session."""
    if visit.actor.session is not None:
        async with visit.database.writing() as session:
            await sessions.end_session(session, visit.actor, visit.actor.session)
    response = visit.go("/")
    cookies.forget(visit.request, response, cookies.SESSION)
    return response


async def _signed_in(visit: Visit, outcome: SignedIn) -> Response:
    onward = outcome.onward
    response = visit.go(onward if outcome.complete else f"/me/welcome?onward={quote(onward)}")
    cookies.write(visit.request, response, cookies.SESSION, outcome.token, cookies.SESSION_LASTS)
    cookies.forget(visit.request, response, cookies.ASKED)
    return response


def _show_code(
    visit: Visit, challenge: UUID, outcome: NotSignedIn | None = None, link_token: str | None = None, email: str = ""
) -> Response:
    asked, _bar, address = (cookies.read(visit.request, cookies.ASKED) or "").partition("|")
    fault = ""
    if outcome is not None:
        fault = _WHY[outcome.why]()
        if outcome.why == "wrong" and outcome.tries_left:
            fault += " " + ngettext("One try is left.", "%(n)s tries are left.", outcome.tries_left)
    return visit.page(
        "me/code.html",
        status=422 if outcome else 200,
        challenge=challenge,
        link_token=link_token,
        fault=fault,
        email=email or (address if asked == str(challenge) else ""),
        over=outcome is not None and not (outcome.why == "wrong" and outcome.tries_left),
    )


_WHY = {
    "wrong": lambda: _("This is not the code in the mail."),
    "too_many_tries": lambda: _("There were too many wrong codes. Please ask for a new mail."),
    "other_browser": lambda: _(
        "This code belongs to another browser: enter it where you asked for it, or open the link in the mail."
    ),
    "expired": lambda: _("This mail is too old: codes and links count for ten minutes. Please ask for a new one."),
    "used": lambda: _("This was used already: codes and links count once. Please ask for a new one."),
    "unknown": lambda: _("There is no such link. Please check that you copied all of it, or ask for a new one."),
}


def _device(visit: Visit) -> str:
    return sessions.device_of(visit.request.headers.get("user-agent"))


def _identifier(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise errors.Malformed(_("This form is broken. Please ask for a new mail.")) from None
