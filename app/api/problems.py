"""Errors as RFC 9457 problems: what each type means, and how the domain's errors become one."""

import logging
from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from app import errors, language
from app.api.reading import base_of, headers_of
from app.database import DATABASE_ERRORS, sqlstate_of
from app.language import gettext as _
from app.language import gettext_noop as N_

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """One type of problem: its status, its title, and what a client does about it."""

    status: int
    title: str
    advice: str


PROBLEMS: dict[str, Problem] = {
    "malformed": Problem(
        400, N_("The request cannot be read"),
        "Send what the documentation describes: a JSON object as application/json, cursors exactly as they came.",
    ),
    "unauthenticated": Problem(
        401, N_("A valid key is needed"),
        "Send `Authorization: Bearer KEY` with a key in use. Keys are made at /me/keys.",
    ),
    "forbidden": Problem(
        403, N_("This key may not do this"),
        "`detail` names the role that the person, or the scope that the key lacks.",
    ),
    "not-found": Problem(
        404, N_("There is nothing here"),
        "Check the address. What was never public looks like what never existed. With status 405, `Allow` lists "
        "the methods that the address knows.",
    ),
    "conflict": Problem(
        409, N_("This does not fit the present state"), "Read the thing again and decide anew.",
    ),
    "closed": Problem(
        409, N_("Contributions are not taken now"), "`detail` has the dates and what remains possible.",
    ),
    "gone": Problem(
        410, N_("This is no longer public"), "Delete your copy. `state` says what became of it, `since` when.",
    ),
    "precondition-failed": Problem(
        412, N_("It was edited meanwhile"), "Read it again, merge, and send the new ETag in If-Match.",
    ),
    "too-large": Problem(413, N_("This is too large"), "`detail` has the limit."),
    "invalid": Problem(
        422, N_("Some fields cannot be taken"), "`errors` names each field and what to do about it.",
    ),
    "precondition-required": Problem(
        428, N_("An If-Match header is needed"), "Send the ETag of the contribution that you edited.",
    ),
    "rate-limited": Problem(429, N_("Too many requests"), "Wait as many seconds as `Retry-After` says."),
    "unavailable": Problem(
        503, N_("The service cannot answer now"),
        "Try again after as many seconds as `Retry-After` says. With status 500 something went wrong on our side, and "
        "nothing was changed: try again later.",
    ),
}  # fmt: skip

_NAMES: dict[type[errors.PlenaryError], str] = {
    errors.Invalid: "invalid", errors.Malformed: "malformed", errors.Unauthenticated: "unauthenticated",
    errors.Forbidden: "forbidden", errors.NotFound: "not-found", errors.Gone: "gone", errors.Conflict: "conflict",
    errors.SentBefore: "conflict", errors.Closed: "closed", errors.PreconditionFailed: "precondition-failed",
    errors.TooLarge: "too-large", errors.RateLimited: "rate-limited", errors.Unavailable: "unavailable",
}  # fmt: skip
_RETRY_SOON = 2  # seconds, after a database that did not answer
_log = logging.getLogger(__name__)


class PreconditionRequired(errors.PlenaryError):
    """An edit that does not say what it was based on. Only HTTP asks for this."""


_NAMES[PreconditionRequired] = "precondition-required"


def problem(
    name: str, detail: str, headers: dict[str, str] | None = None, *, status: int | None = None, **more: Any
) -> Response:
    """The answer for a type of problem, in the language of the request; `more` are its extension members.

    The types are a closed list. For what HTTP tells more exactly than they do, `status` is another than the type's own.
    """
    kind = PROBLEMS[name]
    status = status or kind.status
    content = {"type": f"/problems/{name}", "title": _(kind.title), "status": status, "detail": detail, **more}
    known = {
        "cache-control": "no-store", "content-language": language.current.get(), "x-content-type-options": "nosniff",
    }  # fmt: skip
    return Response(orjson.dumps(content), status, known | (headers or {}), MEDIA_TYPE)


def install(api: FastAPI) -> None:
    """Let every error of this application be answered with a problem."""
    api.add_exception_handler(errors.PlenaryError, _of_the_domain)
    api.add_exception_handler(HTTPException, _of_the_router)
    for database_error in DATABASE_ERRORS:
        api.add_exception_handler(database_error, _of_the_database)
    api.add_exception_handler(Exception, _unforeseen)


async def _of_the_domain(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.PlenaryError)
    if isinstance(error, errors.Moved):
        return _elsewhere(request, error)
    if type(error) not in _NAMES:
        raise error  # a command's or a check's own, which no request should meet: told and logged as unforeseen
    name = _NAMES[type(error)]
    if isinstance(error, errors.Invalid):
        listed = [{"field": field, "message": message} for field, message in error.fields.items()]
        return problem(name, error.message, errors=listed)
    return problem(name, error.message, _headers(name, error), **_extensions(error))


def _headers(name: str, error: errors.PlenaryError) -> dict[str, str]:
    if name == "unauthenticated":
        return {"www-authenticate": "Bearer"}
    if name in ("rate-limited", "unavailable"):
        return {"retry-after": str(error.details.get("retry_after", _RETRY_SOON))}
    return {}


def _extensions(error: errors.PlenaryError) -> dict[str, Any]:
    return {name: value for name, value in error.details.items() if name != "retry_after"}


def _elsewhere(request: Request, error: errors.Moved) -> Response:
    """What was merged lives on in another contribution. A cache that was told nothing would keep that for good."""
    survivor = f"{base_of(request)}/api/v1/contributions/{error.details['id']}"
    headers = {**headers_of(request, None), "location": survivor}
    return Response(orjson.dumps(error.details), 308, headers, "application/json")


async def _of_the_router(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allowed = {"allow": _methods(request)}
        return problem("not-found", _("This address does not know this method."), allowed, status=405)
    if error.status_code == 404:
        return problem("not-found", _("There is no such address in this API."))
    return problem("malformed", str(error.detail), dict(error.headers or {}))


def _methods(request: Request) -> str:
    """All that this address knows: the router names those of one route only, and several may share the address."""
    here = (route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE)
    return ", ".join(sorted({method for route in here for method in route.methods}))


async def _of_the_database(request: Request, error: Exception) -> Response:
    """Input that passed all checks and still is no data for Postgres is the client's; anything else is ours."""
    if sqlstate_of(error).startswith("22"):
        return problem("malformed", _("The request contains a value that cannot be stored or compared."))
    _log.error("a query failed", exc_info=error)
    return await _unforeseen(request, error)


async def _unforeseen(_request: Request, _error: Exception) -> Response:
    return problem("unavailable", _("Something went wrong on our side. Please try again later."), status=500)
