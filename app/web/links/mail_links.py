"""`/mail/{id}/{token}`: the page that the answer to a mail opens: what came in, what is asked, what became of it."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.accounts import limits
from app.accounts.profile_form import ProfileForm
from app.language import gettext as _
from app.mailed import asking
from app.notifications.mail_answers import done_words, reasons
from app.readings.mailed import AskedView, asked
from app.text import markdown
from app.web.kit.contribution_form import Faults
from app.web.kit.network import network_of
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
_GIVEN = ("name", "byline", "consent")
_FROM_A_NETWORK = {"most": 60, "per_seconds": 900}


@router.get("/mail/{id}/{token}")
async def read(visit: Visiting, id: UUID, token: str) -> Response:
    """The question, or what became of the mail. Opening it changes nothing."""
    return _page(visit, await _found(visit, id, token))


@router.post("/mail/{id}/{token}")
async def answer(visit: Visiting, id: UUID, token: str) -> Response:
    """Yes, with what was asked for; or no."""
    sent = await visit.form()
    await limits.allow(visit.database, "mail link from", network_of(visit.request), **_FROM_A_NETWORK)
    if sent.get("answer") not in ("yes", "no"):
        raise errors.Malformed(_("This form is broken. Please open it again."))
    given = {name: str(sent.get(name, "")) for name in _GIVEN}
    newcomer = ProfileForm(name=given["name"], language=visit.language, byline=given["byline"] or None)
    try:
        async with visit.database.writing() as session:
            if sent.get("answer") == "no":
                await asking.give_up(session, id, token)
            else:
                consents = given["consent"] == "yes"
                await asking.confirm(session, id, token, given["byline"] or None, newcomer, consents=consents)
    except errors.Gone:
        return _page(visit, await _found(visit, id, token))
    except errors.Invalid as error:
        return _page(visit, await _found(visit, id, token), given, error.fields)
    return visit.go(f"/mail/{id}/{token}")


async def _found(visit: Visit, id: UUID, token: str) -> AskedView:
    async with visit.database.writing() as session:
        found = await asked(session, id, token)
    if found.state == "unknown":
        raise errors.NotFound(_("There is no such page."))
    return found


def _page(
    visit: Visit, found: AskedView, given: dict[str, str] | None = None, faults: dict[str, str] | None = None
) -> Response:  # fmt: skip
    context: dict[str, Any] = {
        "asked": found, "given": given or dict.fromkeys(_GIVEN, ""), "faults": Faults(faults or {}),
        "why": reasons(found.asks, found.consultation), "done_words": done_words(found.reason),
        "parts": [{**part, "html": markdown(part["body"])} for part in found.parts],
    }  # fmt: skip
    status = 422 if faults else 410 if found.state == "over" else 200
    return visit.page("links/mail_link.html", status=status, consultation=None, **context)
