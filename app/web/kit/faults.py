"""What went wrong, as a page: every domain error has its status, its words, and the text that was sent."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from app import errors, language, text
from app.database import DATABASE_ERRORS, sqlstate_of
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.web.kit import cookies, sent_form
from app.web.kit.guard import HEADERS, is_from_here
from app.web.kit.language import versions
from app.web.kit.templating import render
from app.web.kit.visit import PRIVATE, VARY, address_of

log = logging.getLogger(__name__)

Handler = Callable[[Request, Exception], Awaitable[Response]]
STATUS: dict[type[errors.PlenaryError], int] = {
    errors.Malformed: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Gone: 410,
    errors.Moved: 410,
    errors.Conflict: 409,
    errors.Closed: 409,
    errors.PreconditionFailed: 412,
    errors.TooLarge: 413,
    errors.Invalid: 422,
    errors.RateLimited: 429,
    errors.Unavailable: 503,
}
_TITLES = {
    400: N_("This address is not complete"),
    401: N_("Please sign in"),
    403: N_("This is not open to you"),
    404: N_("There is no such page"),
    405: N_("This address takes no forms"),
    409: N_("This does not fit what happened meanwhile"),
    410: N_("This is no longer public"),
    412: N_("Somebody changed this meanwhile"),
    413: N_("This is too large"),
    422: N_("Something needs to be corrected"),
    429: N_("That was too often"),
    500: N_("Something went wrong here"),
    503: N_("The service cannot answer now"),
}
_NO_PAGE = (HTTPException, RequestValidationError)  # raised before any page of ours was found
_UNREADABLE = "22"  # class of what Postgres cannot store or compare


def install(app: FastAPI) -> None:
    """Show errors as pages, except where another surface answers: there its own handlers, set before, go on."""
    for kind in (errors.PlenaryError, *_NO_PAGE, *DATABASE_ERRORS, Exception):
        app.add_exception_handler(kind, _for_pages(app.exception_handlers.get(kind)))


def status_of(error: errors.PlenaryError) -> int:
    """The HTTP status of a domain error."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def _for_pages(theirs: Any) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        if theirs is not None and request.url.path.startswith(("/api/", "/problems/")):
            answer = theirs(request, error)
            response: Response = await answer if isinstance(answer, Awaitable) else answer
            return response
        return await _page(request, error)

    return handle


async def _page(request: Request, error: Exception) -> Response:
    if isinstance(error, errors.Unauthenticated) and request.method == "GET":
        return RedirectResponse(f"/sign-in?onward={quote(address_of(request))}", 303, {"Cache-Control": PRIVATE})
    if isinstance(error, errors.Moved) and request.method == "GET":  # merged: its number leads to the survivor for good
        return RedirectResponse(error.details["url"], 308, {"Cache-Control": PRIVATE})
    status, message = _told(error)
    headers = {"Cache-Control": PRIVATE, "Vary": VARY}
    if status == 500:  # answered outside of all that protects other answers
        headers |= {name.decode(): value.decode() for name, value in HEADERS}
    if status == 405:
        headers["Allow"] = _methods(request)
    if status in (429, 503):
        details = getattr(error, "details", {})
        headers["Retry-After"] = str(details.get("retry_after", 5))
    language.current.set(getattr(request.state, "language", language.DEFAULT))
    context = {
        "title": _(_TITLES.get(status, "Something went wrong here")),
        "message": message,
        "status": status,
        **await _given_back(request, error),
        "action": request.url.path,
        "signed_in": cookies.read(request, cookies.SESSION) is not None,
        "lang": language.current.get(),
        "dir": text.direction(language.current.get()),
        "versions": versions(request),
    }
    return HTMLResponse(render("error.html", context), status, headers)


def _methods(request: Request) -> str:
    """All that this address takes: the router names those of one route only, and several may share the address."""
    here = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    known = {method for route in here for method in route.methods}
    return ", ".join(sorted(known | {"HEAD"} if "GET" in known else known))


def _told(error: Exception) -> tuple[int, str]:
    if isinstance(error, errors.PlenaryError):
        return status_of(error), error.message
    if isinstance(error, HTTPException):
        return error.status_code, _("Please check the address, or go back to the page you came from.")
    if isinstance(error, RequestValidationError):
        return 404, _("Please check the address, or go back to the page you came from.")
    if sqlstate_of(error).startswith(_UNREADABLE):
        return 400, _("This form is broken. Please open it again.")
    log.error("a page failed", exc_info=error)
    return 500, _("The fault is ours, and it was written down. Please try again, or go back to the page you came from.")


async def _given_back(request: Request, error: Exception) -> dict[str, Any]:
    """What a form held that could not be taken, so that nothing is lost. Only what a page of ours sent, and whoever
    sent it may send, has a button: another site's words must not become ours by a click."""
    sent = FormData() if isinstance(error, _NO_PAGE) else await sent_form.to_give_back(request)
    return {
        "kept": [(name, value) for name, value in sent.multi_items() if isinstance(value, str)],
        "files": any(isinstance(value, UploadFile) and value.filename for value in sent.values()),
        "again": is_from_here(request) and not isinstance(error, errors.Forbidden),
    }
