"""`/c/{consultation}/{number}/cite`: a rapporteur cites a text in a draft, from the text itself."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.permissions import Thing, require
from app.readings import consultations
from app.readings.coding import codings
from app.readings.consultation_views import ConsultationView
from app.readings.discussion import thread
from app.readings.outcome import drafts_of_outcome
from app.readings.views import ContributionView
from app.synthesis import citing
from app.web.discussion.thread import numbered
from app.web.kit import outcome_words
from app.web.kit.contribution_form import Faults
from app.web.kit.entries import entry
from app.web.kit.faults import status_of
from app.web.kit.visit import Visit, Visiting

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent."""

    draft: str = ""  # an id; empty is a new one
    passage: str = ""
    stance: str = "support"


@router.get("/c/{slug}/{which}/cite")
async def ask(visit: Visiting, slug: str, which: str, coding: str = "") -> Response:
    """The text and the form, which has the words of that coding in it."""
    return await _show(visit, *await _to_cite(visit, slug, which), coding=coding)


@router.post("/c/{slug}/{which}/cite")
async def cite(visit: Visiting, slug: str, which: str) -> Response:
    """Cite it. A passage that is not in the text comes back with the reason beside it."""
    form = await visit.form()
    sent = Sent(*(str(form.get(name, "")) for name in ("draft", "passage", "stance")))
    consultation, focus = await _to_cite(visit, slug, which)
    try:
        draft = await _cite(visit, consultation, focus, sent)
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, consultation, focus, sent, error)
    return visit.go(f"/c/{slug}/synthesis/{draft}", done="cited")


async def _cite(visit: Visit, consultation: ConsultationView, focus: ContributionView, sent: Sent) -> UUID:
    how: dict[str, Any] = {"passage": sent.passage, "stance": sent.stance}
    async with visit.database.writing() as session:
        if sent.draft:
            try:
                draft = UUID(sent.draft)
            except ValueError:
                raise errors.Malformed(_("This form is broken. Please open it again.")) from None
            await citing.cite(session, visit.actor, draft, focus.id, revision=focus.revision, **how)
            return draft
        language = visit.language if visit.language in consultation.languages else consultation.languages[0]
        begun, _citation = await citing.cite_in_new(
            session, visit.actor, consultation.id, focus.id, focus.topic, language, **how
        )
        return begun.id


async def _to_cite(visit: Visit, slug: str, which: str) -> tuple[ConsultationView, ContributionView]:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        focus, _topic = await thread.focus(connection, consultation.id, numbered(which))
    require(visit.actor, "outcome.read", Thing(consultation.id))
    if focus.status != "published":
        raise errors.Gone(_("This contribution is no longer public, so it cannot be cited."))
    return consultation, focus


async def _show(
    visit: Visit, consultation: ConsultationView, focus: ContributionView, sent: Sent | None = None,
    error: errors.PlenaryError | None = None, coding: str = "",
) -> Response:  # fmt: skip
    async with visit.database.writing() as session:
        drafts = await drafts_of_outcome.citable(session, visit.actor, consultation.id)
        passage = await _coded(session, visit, consultation, coding)
    invalid = error if isinstance(error, errors.Invalid) else None
    return visit.page(
        "outcome/cite.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        entry=entry(focus, consultation),
        drafts=drafts,
        sent=sent or Sent(draft=str(drafts[0][0]) if drafts else "", passage=passage),
        outcome=outcome_words,
        faults=Faults(invalid.fields if invalid else {}),
        message=error.message if error and not invalid else "",
    )


async def _coded(session: AsyncSession, visit: Visit, consultation: ConsultationView, coding: str) -> str:
    try:
        return await codings.coded_words(session, visit.actor, consultation.id, UUID(coding))
    except ValueError:  # none was named
        return ""
