"""`/c/{consultation}/{which}/appeal`: an author asks that a decision be looked at again."""

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.moderation import appeals
from app.readings.moderation.appeals import standings
from app.web.discussion.owned import Owned, owned
from app.web.kit.contribution_form import Faults
from app.web.kit.faults import status_of
from app.web.kit.grounds import optional_in
from app.web.kit.visit import Visit, Visiting

router = APIRouter()


@router.get("/c/{slug}/{which}/appeal")
async def ask(visit: Visiting, slug: str, which: str) -> Response:
    """The form, or how the appeal that was made stands."""
    return await _show(visit, await owned(visit, slug, which))


@router.post("/c/{slug}/{which}/appeal")
async def appeal(visit: Visiting, slug: str, which: str) -> Response:
    """Appeal. What cannot be taken comes back with what was written."""
    sent, found = await visit.form(), await owned(visit, slug, which)
    words = str(sent.get("words", ""))
    try:
        async with visit.database.writing() as session:
            await appeals.appeal(session, visit.actor, found.id, words, optional_in(sent, "decision"))
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, found, words, error)
    return visit.go(f"{found.address}/appeal", done="appealed")


async def _show(visit: Visit, found: Owned, words: str = "", error: errors.PlenaryError | None = None) -> Response:
    async with visit.database.writing() as session:
        standing = (await standings(session, [found.id]))[found.id]
    invalid = error if isinstance(error, errors.Invalid) else None
    return visit.page(
        "discussion/appeal.html",
        status=status_of(error) if error else 200,
        consultation=found.consultation,
        entry=found.entry,
        address=found.address,
        standing=standing,
        given=words,
        faults=Faults(invalid.fields if invalid else {}),
        message=error.message if error and not invalid else "",
    )
