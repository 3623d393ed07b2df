"""`/mandate/{id}/{token}`: the page that a letter to an organisation opens: does somebody speak for it?"""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.accounts import limits
from app.accounts.mandate_links import answer_link
from app.language import gettext as _
from app.readings.organising.mandates import QuestionView, question
from app.web.kit.network import network_of
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
_FROM_A_NETWORK = {"most": 60, "per_seconds": 900}


@router.get("/mandate/{id}/{token}")
async def read(visit: Visiting, id: UUID, token: str) -> Response:
    """The question, for the organisation. Opening it changes nothing."""
    return _page(visit, await _question(visit, id, token))


@router.post("/mandate/{id}/{token}")
async def answer(visit: Visiting, id: UUID, token: str) -> Response:
    """Yes or no."""
    sent = await visit.form()
    await limits.allow(visit.database, "mandate from", network_of(visit.request), **_FROM_A_NETWORK)
    if sent.get("answer") not in ("yes", "no"):
        raise errors.Malformed(_("This form is broken. Please open it again."))
    yes = sent.get("answer") == "yes"
    try:
        async with visit.database.writing() as session:
            await answer_link(session, id, token, yes=yes)
    except errors.Gone:
        return _page(visit, await _question(visit, id, token))
    return _shown(visit, 200, "answered_now", None, yes=yes)


async def _question(visit: Visit, id: UUID, token: str) -> QuestionView:
    async with visit.database.writing() as session:
        found = await question(session, id, token)
    if found.state == "unknown":
        raise errors.NotFound(_("There is no such page."))
    return found


def _page(visit: Visit, found: QuestionView) -> Response:
    return _shown(visit, 200 if found.state == "good" else 410, found.state, found)


def _shown(visit: Visit, status: int, state: str, asked: QuestionView | None, *, yes: bool = False) -> Response:
    return visit.page("links/mandate_link.html", status=status, consultation=None, state=state, asked=asked, yes=yes)
