"""`/c/{consultation}/moderate/translations`: translations that wait for a moderator, beside their originals."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.moderation.deciding import NO_GROUNDS, Grounds, Options
from app.moderation.translations import VERBS
from app.readings import consultations
from app.readings.moderation.translations import Waiting, waiting
from app.web.discussion.translated import facts
from app.web.kit.contribution_form import Faults
from app.web.kit.faults import status_of
from app.web.kit.grounds import grounds_in, identifier_in
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
PAGE = 20
Refused = tuple[UUID, Grounds, errors.PlenaryError]


@router.get("/c/{slug}/moderate/translations")
async def translations(visit: Visiting, slug: str, cursor: str | None = None) -> Response:
    """One page of what waits, oldest first."""
    return await _show(visit, slug, cursor)


@router.post("/c/{slug}/moderate/translations")
async def decide(visit: Visiting, slug: str) -> Response:
    """Decide about one. What cannot be done is said above its form, which keeps what was written."""
    sent = await visit.form()
    id, translation, grounds = identifier_in(sent, "contribution"), identifier_in(sent, "translation"), grounds_in(sent)
    verb = VERBS.get(str(sent.get("act", "")))
    if verb is None:
        raise errors.Malformed(_("This form is broken. Please open it again."))
    try:
        async with visit.database.writing() as session:
            await verb(session, visit.actor, id, None, grounds, Options(translation=translation))
    except (errors.Invalid, errors.Conflict, errors.NotFound) as error:
        return await _show(visit, slug, None, (translation, grounds, error))
    return visit.go(f"/c/{slug}/moderate/translations", done="judged")


async def _show(visit: Visit, slug: str, cursor: str | None, refused: Refused | None = None) -> Response:
    _signed_in = visit.person
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    async with visit.database.writing() as session:
        found = await waiting(session, visit.actor, consultation.id, PAGE, cursor)
    id, grounds, error = refused or (None, NO_GROUNDS, None)
    faults = Faults(error.fields if isinstance(error, errors.Invalid) else {})
    ids = [each.translation["id"] for each in found.items]
    return visit.page(
        "moderation/translations_desk.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        items=[_item(each, *((grounds, faults) if UUID(each.translation["id"]) == id else (NO_GROUNDS, Faults())))
               for each in found.items],
        next=found.next,
        rules=consultation.details["rules"],
        message=error.message if error and not faults else "",
        lost=grounds.reason if error and str(id) not in ids else None,
    )  # fmt: skip


def _item(item: Waiting, grounds: Grounds, faults: Faults) -> dict[str, Any]:
    return {
        "item": item, "said": facts(item.translation, item.revision), "grounds": grounds,
        "faults": faults,
    }  # fmt: skip
