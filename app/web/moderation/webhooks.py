"""`/c/{consultation}/moderate/webhooks`: where entries of the record go, what was answered, and how to go on."""

from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.notifications.webhooks import actions, listing
from app.notifications.webhooks.actions import PUBLIC_KINDS
from app.notifications.webhooks.own_words import OWN_WORDS
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting

router = APIRouter()


@router.get("/c/{slug}/moderate/webhooks")
async def listed(visit: Visiting, slug: str) -> Response:
    """The webhooks of a consultation, each with its newest attempts, and the form that makes one."""
    return await _show(visit, await _to_manage(visit, slug))


@router.post("/c/{slug}/moderate/webhooks")
async def make(visit: Visiting, slug: str) -> Response:
    """Make one, and show its secret this once."""
    sent, consultation = await visit.form(), await _to_manage(visit, slug)
    kinds = [str(kind) for kind in sent.getlist("kinds")]
    try:
        async with visit.database.writing() as session:
            made = await actions.make(session, visit.actor, consultation.id, str(sent.get("url", "")), kinds)
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, consultation, sent, error)
    return visit.page("moderation/webhook_made.html", consultation=consultation, url=made.url, secret=made.secret)


@router.post("/c/{slug}/moderate/webhooks/{id}/replay")
async def replay(visit: Visiting, slug: str, id: UUID) -> Response:
    """Let one go on, from an entry or where it stopped."""
    sent, consultation = await visit.form(), await _to_manage(visit, slug)
    try:
        async with visit.database.writing() as session:
            await actions.replay(session, visit.actor, consultation.id, id, _entry(sent))
    except errors.Invalid as error:
        return await _show(visit, consultation, sent, error, about=id)
    return visit.go(f"/c/{slug}/moderate/webhooks#w{id}", done="resumed")


@router.post("/c/{slug}/moderate/webhooks/{id}/remove")
async def remove(visit: Visiting, slug: str, id: UUID) -> Response:
    """Give one up."""
    consultation = await _to_manage(visit, slug)
    async with visit.database.writing() as session:
        await actions.remove(session, visit.actor, consultation.id, id)
    return visit.go(f"/c/{slug}/moderate/webhooks", done="removed")


def _said(answer: str | None) -> str:
    """What came back: an answer as it was, our own words in the reader's language."""
    return _(answer) if answer in OWN_WORDS else answer or ""


def _entry(sent: FormData) -> int | None:
    given = str(sent.get("seq", "")).strip()
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise errors.Invalid({"seq": _("Please give the number of an entry.")})
    return int(given)


async def _to_manage(visit: Visit, slug: str) -> ConsultationView:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    if not visit.may("webhook.manage", Thing(consultation.id)):
        visit.person  # noqa: B018  # a stranger is asked to sign in
        raise errors.Forbidden(_("Only a moderator can do this."))
    return consultation


async def _show(
    visit: Visit, consultation: ConsultationView, sent: FormData | None = None,
    error: errors.PlenaryError | None = None, about: UUID | None = None,
) -> Response:  # fmt: skip
    async with visit.database.writing() as session:
        found = await listing.webhooks_of(session, visit.actor, consultation.id)
    given = sent or FormData()
    return visit.page(
        "moderation/webhooks.html",
        **refusal(error),
        consultation=consultation,
        webhooks=found,
        kinds=[(kind, kind, "") for kind in PUBLIC_KINDS],
        chosen=given.getlist("kinds"),
        url=given.get("url", ""),
        seq=given.get("seq", ""),
        about=about,
        said=_said,
    )
