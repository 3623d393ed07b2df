"""`/c/{consultation}/follow`: begin to follow the consultation, a topic or a thread, or stop."""

from fastapi import APIRouter
from starlette.responses import Response

from app.language import gettext as _
from app.notifications.following import actions
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.followed import Followable, followable
from app.web.discussion.thread import numbered
from app.web.kit.visit import Visit, Visiting

router = APIRouter()


@router.get("/c/{slug}/follow")
async def ask(visit: Visiting, slug: str, topic: str = "", thread: str = "") -> Response:
    """Where somebody lands who has signed in to follow: what it is, and a button."""
    _signed_in = visit.person
    consultation, what = await _found(visit, slug, topic, thread)
    name = what.title or _("Thread %(n)s", n=thread)
    return visit.page("discussion/follow.html", consultation=consultation, what=what, name=name, value=topic or thread)


@router.post("/c/{slug}/follow")
async def follow(visit: Visiting, slug: str) -> Response:
    """Follow it or, where the form says so, stop."""
    sent, _signed_in = await visit.form(), visit.person
    _consultation, what = await _found(visit, slug, str(sent.get("topic", "")), str(sent.get("thread", "")))
    stops = sent.get("do") == "stop"
    async with visit.database.writing() as session:
        if stops:
            await actions.stop(session, visit.actor, what.id)
        else:
            await actions.follow(session, visit.actor, what)
    return visit.go(what.path, done="stopped" if stops else "follows")


async def _found(visit: Visit, slug: str, topic: str, thread: str) -> tuple[ConsultationView, Followable]:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        return consultation, await followable(connection, consultation, topic, numbered(thread) if thread else None)
