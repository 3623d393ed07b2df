"""`/me/deposits`: which of one's texts may go into a research archive, to be changed one by one or all together."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.contributions import depositing
from app.language import gettext as _
from app.readings import consultations
from app.readings.discussion import private
from app.web.kit.contribution_form import draft_id
from app.web.kit.visit import Visiting
from app.web.me.my_texts import listed

router = APIRouter()
SHOWN = 50
_CHOICES = {"agree": True, "take-back": False}


@router.get("/me/deposits")
async def deposits(visit: Visiting, before: UUID | None = None) -> Response:
    """One's texts, newest first, each with what was said about it."""
    person = visit.person
    async with visit.database.reading() as connection:
        known = {view.slug: view for view in await consultations.consultations(connection)}
    async with visit.database.writing() as session:
        texts = await private.mine(session, person, visit.base, SHOWN + 1, before)
    shown = texts[:SHOWN]
    return visit.page(
        "me/deposits.html",
        texts=[(listed(own, known), "deposit" in own.fields) for own in shown],
        before=before,
        next=f"/me/deposits?before={shown[-1].fields['id']}" if len(texts) > SHOWN else None,
    )


@router.post("/me/deposits")
async def change_all(visit: Visiting) -> Response:
    """Agree for all texts that one has written, or take it back for all."""
    agreed = _agreed(str((await visit.form()).get("do", "")))
    async with visit.database.writing() as session:
        await depositing.change_all(session, visit.actor, visit.person, agreed=agreed)
    return visit.go("/me/deposits", done="saved")


@router.post("/me/deposits/{id}")
async def change(visit: Visiting, id: UUID) -> Response:
    """Agree for one text, or take it back."""
    sent, _signed_in = await visit.form(), visit.person
    async with visit.database.writing() as session:
        await depositing.change(session, visit.actor, id, agreed=_agreed(str(sent.get("do", ""))))
    before = draft_id(str(sent.get("before", "")))
    return visit.go(f"/me/deposits?before={before}" if before else "/me/deposits", done="saved")


def _agreed(given: str) -> bool:
    if given not in _CHOICES:
        raise errors.Malformed(_("This form is broken: it does not say what you chose. Please open it again."))
    return _CHOICES[given]
