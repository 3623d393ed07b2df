"""A moderator hides a contribution, or brings it back: `…/hide`, `…/restore`, with a reason for everyone to read."""

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.moderation.actions import VERBS
from app.moderation.deciding import NO_GROUNDS, Grounds
from app.permissions import Thing
from app.web.contribution_form import Faults
from app.web.faults import status_of
from app.web.grounds import grounds_in, optional_in
from app.web.language import gettext as _
from app.web.owned import Owned, owned
from app.web.visit import Visit, Visiting

router = APIRouter()
DONE = {"hide": "hidden", "restore": "restored"}


@router.get("/c/{slug}/{which}/{act}")
async def ask(visit: Visiting, slug: str, which: str, act: str) -> Response:
    """The form: rule and reason."""
    return _show(visit, await _to_decide(visit, slug, which, act), act)


@router.post("/c/{slug}/{which}/{act}")
async def decide(visit: Visiting, slug: str, which: str, act: str) -> Response:
    """Decide. Where the author has changed the text meanwhile, the form comes back with the new text."""
    sent, found = await visit.form(), await _to_decide(visit, slug, which, act)
    grounds = grounds_in(sent)
    try:
        async with visit.database.writing() as session:
            await VERBS[act](session, visit.actor, found.id, optional_in(sent, "revision"), grounds)
    except (errors.Invalid, errors.Conflict) as error:
        return _show(visit, found, act, grounds, error)
    return visit.go(found.address, done=DONE[act])


async def _to_decide(visit: Visit, slug: str, which: str, act: str) -> Owned:
    if act not in DONE:
        raise errors.NotFound(_("There is no such page."))
    found = await owned(visit, slug, which, by_author=False)
    if not visit.may("contribution.decide", Thing(found.consultation.id)):
        raise errors.Forbidden(_("Only a moderator can do this."))
    return found


def _show(
    visit: Visit, found: Owned, act: str, grounds: Grounds = NO_GROUNDS, error: errors.PlenaryError | None = None
) -> Response:
    invalid = isinstance(error, errors.Invalid)
    return visit.page(
        "decide.html",
        status=status_of(error) if error else 200,
        consultation=found.consultation,
        entry=found.entry,
        address=found.address,
        act=act,
        grounds=grounds,
        rules=found.consultation.details["rules"],
        faults=Faults(error.fields if isinstance(error, errors.Invalid) else {}),
        message=error.message if error and not invalid else "",
    )
