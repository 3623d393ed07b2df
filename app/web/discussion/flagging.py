"""`/c/{consultation}/{number}/flag`: report a contribution to its moderators."""

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.moderation import flags
from app.readings import consultations
from app.readings.discussion import thread
from app.web.discussion.thread import numbered
from app.web.kit.contribution_form import Faults
from app.web.kit.entries import entry
from app.web.kit.faults import status_of
from app.web.kit.grounds import optional_in
from app.web.kit.visit import Visit, Visiting

router = APIRouter()


@router.get("/c/{slug}/{which}/flag")
async def ask(visit: Visiting, slug: str, which: str) -> Response:
    """The form: which rule it breaks, and what is wrong."""
    return await _show(visit, slug, which)


@router.post("/c/{slug}/{which}/flag")
async def flag(visit: Visiting, slug: str, which: str) -> Response:
    """Report it. What cannot be taken comes back with what was written."""
    sent, _signed_in = await visit.form(), visit.person
    rule, note = str(sent.get("rule", "")), str(sent.get("note", ""))
    try:
        contribution = optional_in(sent, "contribution")
        if contribution is None:
            return await _show(visit, slug, which)
        async with visit.database.writing() as session:
            await flags.flag(session, visit.actor, contribution, rule, note)
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, slug, which, rule, note, error)
    return visit.go(f"/c/{slug}/{which}", done="flagged")


async def _show(
    visit: Visit, slug: str, which: str, rule: str = "", note: str = "", error: errors.PlenaryError | None = None
) -> Response:
    _signed_in = visit.person
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        focus, _topic = await thread.focus(connection, consultation.id, numbered(which))
    invalid = error if isinstance(error, errors.Invalid) else None
    gone = focus.status != "published"
    return visit.page(
        "discussion/flag.html",
        status=status_of(error) if error else 410 if gone else 200,
        consultation=consultation,
        entry=entry(focus, consultation),
        gone=gone,
        rules=consultation.details["rules"],
        rule=rule,
        note=note,
        faults=Faults(invalid.fields if invalid else {}),
        message=error.message if error and not invalid else "",
    )
