"""Whether the process lives, and whether it can serve."""

from fastapi import Request, Response
from starlette.responses import JSONResponse

from app.api.problems import problem
from app.database import migrate
from app.language import gettext as _

_FRESH = {"cache-control": "no-store"}


async def health(_request: Request) -> Response:
    """The process lives. Asks nothing of the database."""
    return JSONResponse({"status": "alive"}, headers=_FRESH)


async def ready(request: Request) -> Response:
    """The database can be reached, and has exactly the tables that this code expects."""
    if await migrate.is_current(request.app.state.database.write):
        return JSONResponse({"status": "ready"}, headers=_FRESH)
    return problem("unavailable", _("The database cannot be reached or is not up to date."), {"retry-after": "2"})
