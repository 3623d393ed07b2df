"""A moderator writes to authors: to one, `…/{number}/invite`, or to all of a topic or question, `…/moderate/invite`."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app import clock, errors
from app.language import gettext as _
from app.moderation import inviting
from app.moderation.audience import To
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.organising import invitations
from app.readings.organising.invitations import Addressed
from app.web.discussion.owned import Owned, owned
from app.web.kit.contribution_form import Faults
from app.web.kit.faults import status_of
from app.web.kit.grounds import identifier_in
from app.web.kit.visit import Visit, Visiting
from app.web.moderation import invited_words

router = APIRouter()
PAGE = 20


@dataclass(frozen=True, slots=True)
class Form:
    """What the form holds. Its id lets a letter that is sent twice go out once."""

    id: UUID
    to: str = ""  # a topic's slug or a guiding question's key; nothing on the page of a contribution
    subject: str = ""
    words: str = ""
    preview: Addressed | None = None
    error: errors.PlenaryError | None = None

    def addressee(self, found: Owned | None) -> To:
        """To whom it goes, for the action."""
        if found is not None:
            return To(contribution=found.id)
        return To(question=self.to) if "." in self.to else To(topic=self.to or None)

    @property
    def faults(self) -> Faults:
        """What is wrong with each field of the page."""
        fields = self.error.fields if isinstance(self.error, errors.Invalid) else {}
        return Faults({"to" if name in ("topic", "question") else name: fault for name, fault in fields.items()})


@router.get("/c/{slug}/moderate/invite")
async def write_to_many(visit: Visiting, slug: str, to: str = "") -> Response:
    """The form, and what was sent."""
    return await _many(visit, await _view(visit, slug), Form(clock.new_id(), to))


@router.post("/c/{slug}/moderate/invite")
async def send_to_many(visit: Visiting, slug: str) -> Response:
    """Show whom it is addressed to, or send it."""
    sent, consultation = await visit.form(), await _view(visit, slug)
    form = await _tried(visit, consultation, sent, None)
    return await _many(visit, consultation, form) if form else visit.go(f"/c/{slug}/moderate/invite", done="sent")


@router.get("/c/{slug}/{which}/invite")
async def write_to_one(visit: Visiting, slug: str, which: str) -> Response:
    """The form to write to the author of a contribution, whoever that is."""
    return _one(visit, await _to_write(visit, slug, which), Form(clock.new_id()))


@router.post("/c/{slug}/{which}/invite")
async def send_to_one(visit: Visiting, slug: str, which: str) -> Response:
    """Show the letter, or send it."""
    sent, found = await visit.form(), await _to_write(visit, slug, which)
    form = await _tried(visit, found.consultation, sent, found)
    return _one(visit, found, form) if form else visit.go(f"/c/{slug}/moderate/invite", done="sent")


async def _tried(visit: Visit, consultation: ConsultationView, sent: FormData, found: Owned | None) -> Form | None:
    """None where the letter is sent; otherwise the form again, with the preview or with what is wrong."""
    topic, subject, words = (str(sent.get(name, "")) for name in ("to", "subject", "words"))
    form = Form(identifier_in(sent, "id"), topic, subject, words)
    to = form.addressee(found)
    try:
        if sent.get("do") == "preview":
            return await _previewed(visit, consultation, form, to)
        async with visit.database.writing() as session:
            await inviting.invite(session, visit.actor, consultation.id, to, form.subject, form.words, form.id)
    except (errors.Invalid, errors.Conflict, errors.RateLimited) as error:
        return replace(form, error=error)
    return None


async def _previewed(visit: Visit, consultation: ConsultationView, form: Form, to: To) -> Form:
    subject, words = inviting.checked(form.subject, form.words)
    async with visit.database.writing() as session:
        told = await invitations.addressed(session, visit.actor, consultation.id, to)
    return replace(form, subject=subject, words=words, preview=told)


async def _view(visit: Visit, slug: str) -> ConsultationView:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    _require_may(visit, consultation)
    return consultation


async def _to_write(visit: Visit, slug: str, which: str) -> Owned:
    found = await owned(visit, slug, which, by_author=False)
    _require_may(visit, found.consultation)
    return found


def _require_may(visit: Visit, consultation: ConsultationView) -> None:
    if not visit.may("invitation.send", Thing(consultation.id)):
        visit.person  # noqa: B018  # a stranger is asked to sign in
        raise errors.Forbidden(_("Only a moderator can do this."))


def _one(visit: Visit, found: Owned, form: Form) -> Response:
    return visit.page(
        "moderation/invite.html",
        entry=found.entry, address=found.address, action=f"{found.address}/invite", listed=None,
        **_common(visit, found.consultation, form),
    )  # fmt: skip


async def _many(visit: Visit, consultation: ConsultationView, form: Form) -> Response:
    async with visit.database.writing() as session:
        cursor = visit.request.query_params.get("cursor")
        listed = await invitations.sent(session, visit.actor, consultation.id, PAGE, cursor)
    return visit.page(
        "moderation/invite.html",
        entry=None, address="", action=f"/c/{consultation.slug}/moderate/invite", listed=listed,
        **_common(visit, consultation, form),
    )  # fmt: skip


def _common(visit: Visit, consultation: ConsultationView, form: Form) -> dict[str, Any]:
    error = form.error
    return {
        "status": status_of(error) if error else 200, "consultation": consultation, "form": form,
        "faults": form.faults, "message": error.message if error and not isinstance(error, errors.Invalid) else "",
        "say": invited_words, "limits": inviting, "sender": visit.visitor.name,
    }  # fmt: skip
