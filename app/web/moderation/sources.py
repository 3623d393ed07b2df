"""Asking the source: the moderator's form, the page that a source's link opens, and what sources answered."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.accounts import limits
from app.contributions.transcripts import is_transcript
from app.language import OWN_NAMES
from app.language import gettext as _
from app.meetings import sources as acts
from app.readings import consultations
from app.readings.moderation import sources as readings
from app.readings.moderation.sources import Asked
from app.web.discussion.owned import Owned, owned
from app.web.kit.entries import entry
from app.web.kit.grounds import optional_in
from app.web.kit.network import network_of
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
_FROM_A_NETWORK = {"most": 60, "per_seconds": 900}


@router.get("/c/{slug}/moderate/sources")
async def answers(visit: Visiting, slug: str) -> Response:
    """Who was asked, who confirmed, and who says that something is wrong."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    async with visit.database.writing() as session:
        found = await readings.in_consultation(session, visit.actor, consultation.id)
    return visit.page("moderation/sources.html", consultation=consultation, sources=found)


@router.get("/c/{slug}/{which}/source")
async def ask(visit: Visiting, slug: str, which: str) -> Response:
    """The form: to which address, in which language."""
    return await _show(visit, await _to_ask(visit, slug, which))


@router.post("/c/{slug}/{which}/source")
async def send(visit: Visiting, slug: str, which: str) -> Response:
    """Ask; the worker sends the mail."""
    sent, found = await visit.form(), await _to_ask(visit, slug, which)
    email, language = str(sent.get("email", "")), str(sent.get("language", ""))
    try:
        async with visit.database.writing() as session:
            await acts.ask(session, visit.actor, found.id, email, language)
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, found, email, error)
    return visit.go(f"{found.address}/source", done="asked")


@router.get("/source/{id}/{token}")
async def read(visit: Visiting, id: UUID, token: str) -> Response:
    """The text, for its source. Opening it changes nothing."""
    return await _page(visit, await _asked(visit, id, token))


@router.post("/source/{id}/{token}")
async def answer(visit: Visiting, id: UUID, token: str) -> Response:
    """It is right, or it is wrong."""
    sent = await visit.form()
    await limits.allow(visit.database, "source from", network_of(visit.request), **_FROM_A_NETWORK)
    right, words = sent.get("answer") == "right", str(sent.get("words", ""))
    if sent.get("answer") not in ("right", "wrong"):
        raise errors.Malformed(_("This form is broken. Please open it again."))
    try:
        async with visit.database.writing() as session:
            await acts.answer(session, id, token, optional_in(sent, "revision"), right=right, words=words)
    except (errors.Conflict, errors.Invalid) as error:
        return await _page(visit, await _asked(visit, id, token), words, error)
    except errors.Gone:
        return await _page(visit, await _asked(visit, id, token))
    return visit.page("moderation/source_answered.html", consultation=None, right=right)


async def _asked(visit: Visit, id: UUID, token: str) -> Asked:
    async with visit.database.writing() as session:
        found = await readings.asked(session, id, token)
    if found.state == "unknown":
        raise errors.NotFound(_("There is no such page."))
    return found


async def _page(visit: Visit, found: Asked, words: str = "", error: errors.PlenaryError | None = None) -> Response:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, found.slug)
    return visit.page(
        "moderation/source.html",
        **refusal(error, 200 if found.state == "good" else 410),
        consultation=None,
        asked=found,
        entry=entry(found.text, consultation) if found.text else None,
        words=words,
    )


async def _to_ask(visit: Visit, slug: str, which: str) -> Owned:
    found = await owned(visit, slug, which, by_author=False)
    if not visit.may("contribution.transcribe", found.thing):
        raise errors.Forbidden(_("Only a moderator can do this."))
    if not is_transcript(found.own.fields["provenance"]):
        raise errors.NotFound(_("There is no such page."))
    return found


async def _show(visit: Visit, found: Owned, email: str = "", error: errors.PlenaryError | None = None) -> Response:
    async with visit.database.writing() as session:
        asked = await readings.in_consultation(session, visit.actor, found.consultation.id, found.id)
    return visit.page(
        "moderation/ask_source.html",
        **refusal(error),
        consultation=found.consultation,
        entry=found.entry,
        address=found.address,
        sources=asked,
        email=email,
        languages=list(OWN_NAMES.items()),
    )
