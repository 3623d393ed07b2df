"""`/c/{consultation}/{number}/endorse`: support what somebody else wrote, or take that back; and who does."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from app import errors
from app.endorsements import actions
from app.language import gettext as _
from app.permissions import Actor
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.discussion import endorsements, thread
from app.readings.views import ContributionView
from app.web.discussion.thread import numbered
from app.web.kit.entries import entry
from app.web.kit.visit import Visit, Visiting, version_of

router = APIRouter()


@router.get("/c/{slug}/{which}/endorse")
async def ask(visit: Visiting, slug: str, which: str) -> Response:
    """Where somebody lands who has signed in to endorse: the text, and a button. Who can choose in whose name does so
    on the contribution's page."""
    person = visit.person
    consultation, focus = await _focus(visit, slug, which)
    address = f"/c/{slug}/{which}"
    async with visit.database.writing() as session:
        support = await endorsements.standing(session, person, focus.id)
    if focus.status != "published" or support.speaks_for:
        return visit.go(f"{address}#endorse")
    return visit.page(
        "discussion/confirm.html",
        consultation=consultation,
        entry=entry(focus, consultation),
        address=address,
        question=_("Endorse contribution %(n)s?", n=which),
        meaning=_("You support it in a personal capacity. How many people do is public, who they are is not."),
        button=_("Endorse it"),
        needs_reason=False,
    )


@router.post("/c/{slug}/{which}/endorse")
async def endorse(visit: Visiting, slug: str, which: str) -> Response:
    """Endorse it, personally or for one's organisation, or take that back, as the form says."""
    sent, _signed_in, address = await visit.form(), visit.person, f"/c/{slug}/{which}#endorse"
    if not visit.actor.complete:
        return visit.complete_first(address)
    _consultation, focus = await _focus(visit, slug, which)
    async with visit.database.writing() as session:
        await _act(session, visit.actor, focus.id, str(sent.get("do", "personal")))
    return visit.go(address)


@router.get("/c/{slug}/{which}/endorsements")
async def endorsers(visit: Visiting, slug: str, which: str) -> Response:
    """How many people endorse it, and which organisations."""
    consultation, focus = await _focus(visit, slug, which)
    address = f"/c/{slug}/{which}"
    if focus.status != "published":
        return visit.go(address)
    return visit.public(
        "discussion/endorsements.html",
        version_of(consultation),
        consultation=consultation,
        focus=focus,
        address=address,
    )


async def _focus(visit: Visit, slug: str, which: str) -> tuple[ConsultationView, ContributionView]:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        focus, _topic = await thread.focus(connection, consultation.id, numbered(which))
    return consultation, focus


async def _act(session: AsyncSession, actor: Actor, id: UUID, do: str) -> None:
    if do in ("personal", "organisation"):
        await actions.endorse(session, actor, id, do)
    elif do in ("take-back", "take-name-back"):
        await actions.take_back(session, actor, id, "organisation" if do == "take-name-back" else None)
    else:
        raise errors.Malformed(_("This form is broken: it does not say what you chose. Please open it again."))
