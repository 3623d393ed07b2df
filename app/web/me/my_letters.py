"""`/me/letters`: what moderators wrote to oneself, and whether one wants that."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.moderation import inviting
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.organising import invitations
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
_MOST = 100


@router.get("/me/letters")
async def letters(visit: Visiting) -> Response:
    """The letters, and the setting. Opening the page changes nothing: mail programs open links too."""
    person, known = visit.person, await _known(visit)
    async with visit.database.writing() as session:
        received = await invitations.newest_received(session, person, _MOST)
        refused = await invitations.refusals_of(session, person)
    return visit.page(
        "me/my_letters.html",
        received=received,
        zones={view.slug: view.zone for view in known},
        choices=[(view.slug, view.title, "") for view in known],
        refused=[view.slug for view in known if view.id in refused],
        refuses_all=None in refused,
    )


@router.post("/me/letters")
async def change(visit: Visiting) -> Response:
    """Want letters from all consultations but those that are ticked, or from none."""
    sent, known = await visit.form(), {view.slug: view.id for view in await _known(visit)}
    chosen = [str(slug) for slug in sent.getlist("refuse")]
    if not known.keys() >= set(chosen):
        raise errors.Malformed(_("This form is broken. Please open it again."))
    refused: set[UUID] = {known[slug] for slug in chosen}
    async with visit.database.writing() as session:
        await inviting.refuse(session, visit.actor, refused, all_letters=sent.get("all") == "1")
    return visit.go("/me/letters#refuse", done="saved")


async def _known(visit: Visit) -> list[ConsultationView]:
    async with visit.database.reading() as connection:
        return list(await consultations.consultations(connection))
