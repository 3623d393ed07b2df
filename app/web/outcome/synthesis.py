"""`/c/{consultation}/synthesis`: where rapporteurs write the outcome, see what changed of what they cite, publish."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.permissions import Thing
from app.readings.consultation_views import ConsultationView
from app.readings.outcome import drafts_of_outcome
from app.readings.outcome.drafts_of_outcome import WorkView
from app.synthesis import actions, citing
from app.synthesis.wording import NAME_LIMIT, STATEMENT_LIMIT, TITLE_LIMIT, Wording
from app.web.kit import outcome_words
from app.web.kit.allowed import consultation_to
from app.web.kit.contribution_form import OTHER, language_choices
from app.web.kit.grounds import identifier
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting
from app.web.outcome.recommendations import figures, with_entry

router = APIRouter()
_LIMITS = {"title": TITLE_LIMIT, "statement": STATEMENT_LIMIT, "name": NAME_LIMIT}
_Error = errors.PlenaryError | None


@router.get("/c/{slug}/synthesis")
async def desk(visit: Visiting, slug: str) -> Response:
    """Drafts, what is public, and cited texts that changed since."""
    consultation = await consultation_to(visit, "outcome.read", slug)
    async with visit.database.writing() as session:
        drafts, public = await drafts_of_outcome.work(session, visit.actor, consultation.id)
    return visit.page(
        "outcome/synthesis.html",
        consultation=consultation,
        drafts=drafts,
        public=public,
        changed=[(each, each.changed) for each in (*drafts, *public) if each.changed],
        reports=visit.may("report.write", Thing(consultation.id)),
        prints=visit.may("proceedings.print", Thing(consultation.id)),
        outcome=outcome_words,
    )


@router.get("/c/{slug}/synthesis/new")
async def ask(visit: Visiting, slug: str) -> Response:
    """The form, empty."""
    consultation = await consultation_to(visit, "outcome.read", slug)
    tag = visit.language if visit.language in consultation.languages else consultation.languages[0]
    return _show_new(visit, consultation, Wording(topic=consultation.topics[0].slug, language=tag))


@router.post("/c/{slug}/synthesis/new")
async def begin(visit: Visiting, slug: str) -> Response:
    """Begin a draft. What cannot be taken comes back with the reason beside it."""
    sent, consultation = await visit.form(), await consultation_to(visit, "outcome.read", slug)
    given = _wording(sent)
    try:
        async with visit.database.writing() as session:
            begun = await actions.begin(session, visit.actor, consultation.id, given)
    except (errors.Invalid, errors.Conflict) as error:
        return _show_new(visit, consultation, given, error)
    return visit.go(f"/c/{slug}/synthesis/{begun.id}", done="begun")


@router.get("/c/{slug}/synthesis/{id:uuid}")
async def draft(visit: Visiting, slug: str, id: UUID) -> Response:
    """A draft: its words, its citations, and what it needs before it can be public."""
    return await _show(visit, await consultation_to(visit, "outcome.read", slug), id)


@router.post("/c/{slug}/synthesis/{id:uuid}")
async def write(visit: Visiting, slug: str, id: UUID) -> Response:
    """Save the words."""
    sent, consultation = await visit.form(), await consultation_to(visit, "outcome.read", slug)
    given = _wording(sent)
    try:
        async with visit.database.writing() as session:
            await actions.write(session, visit.actor, id, given)
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, consultation, id, error, given)
    return visit.go(f"/c/{slug}/synthesis/{id}", done="saved")


@router.post("/c/{slug}/synthesis/{id:uuid}/citations")
async def change_citation(visit: Visiting, slug: str, id: UUID) -> Response:
    """Take a citation away, or cite the present revision instead."""
    sent, consultation = await visit.form(), await consultation_to(visit, "outcome.read", slug)
    act, citation = str(sent.get("do", "")), identifier(sent.get("citation"))
    try:
        async with visit.database.writing() as session:
            if act == "renew":
                await citing.renew(session, visit.actor, id, citation)
            elif act == "drop":
                await citing.drop(session, visit.actor, id, citation)
            else:
                raise errors.Malformed(_("This form is broken. Please open it again."))
    except errors.Invalid as error:
        return await _show(visit, consultation, id, error)
    return visit.go(f"/c/{slug}/synthesis/{id}#citations", done="renewed" if act == "renew" else "dropped")


@router.post("/c/{slug}/synthesis/{id:uuid}/publish")
async def publish(visit: Visiting, slug: str, id: UUID) -> Response:
    """Open it for comment, or make it final. What hinders that is named."""
    sent, consultation = await visit.form(), await consultation_to(visit, "outcome.read", slug)
    try:
        async with visit.database.writing() as session:
            await actions.publish(
                session, visit.actor, id, str(sent.get("stage", "")), acknowledged=sent.get("acknowledged") == "yes"
            )
            _drafts, public = await drafts_of_outcome.work(session, visit.actor, consultation.id)
    except errors.Invalid as error:
        return await _show(visit, consultation, id, error)
    number = next(each.number for each in public if each.id == id)
    return visit.go(f"/c/{slug}/recommendations/{number}", done="published")


@router.post("/c/{slug}/synthesis/{id:uuid}/revise")
async def revise(visit: Visiting, slug: str, id: UUID) -> Response:
    """A new draft from what is public."""
    await consultation_to(visit, "outcome.read", slug)
    async with visit.database.writing() as session:
        await actions.revise(session, visit.actor, id)
    return visit.go(f"/c/{slug}/synthesis/{id}")


@router.get("/c/{slug}/synthesis/{id:uuid}/discard")
async def ask_discard(visit: Visiting, slug: str, id: UUID) -> Response:
    """Asks whether the draft is to go."""
    consultation = await consultation_to(visit, "outcome.read", slug)
    async with visit.database.writing() as session:
        work = await drafts_of_outcome.draft(session, visit.actor, consultation.id, id)
    return visit.page("outcome/discard_draft.html", consultation=consultation, draft=work)


@router.post("/c/{slug}/synthesis/{id:uuid}/discard")
async def discard(visit: Visiting, slug: str, id: UUID) -> Response:
    """Throw the draft away."""
    await visit.form()
    await consultation_to(visit, "outcome.read", slug)
    async with visit.database.writing() as session:
        await actions.discard(session, visit.actor, id)
    return visit.go(f"/c/{slug}/synthesis", done="discarded")


def _wording(sent: Mapping[str, Any]) -> Wording:
    names = ("topic", "title", "statement", "language", "addressee_name", "addressee_kind")
    return Wording(**{name: str(sent.get(name, "")) for name in names})


def _of(work: WorkView) -> Wording:
    return Wording(
        work.topic, work.title, work.statement, work.language, work.addressee_name, work.addressee_kind
    )  # fmt: skip


def _fields(consultation: ConsultationView, given: Wording, error: _Error) -> dict[str, Any]:
    return {
        "consultation": consultation,
        "given": given,
        "topics": [(topic.slug, topic.title) for topic in consultation.topics],
        "languages": _languages(consultation, given.language),
        "addressees": [(kind, _(label)) for kind, label in outcome_words.ADDRESSEES.items()],
        "limits": _LIMITS,
        "outcome": outcome_words,
        **refusal(error),
    }


def _languages(consultation: ConsultationView, present: str) -> list[tuple[str, str]]:
    choices = [pair for pair in language_choices(consultation) if pair[0] != OTHER]
    return choices if present in dict(choices) or not present else [(present, present), *choices]


def _show_new(visit: Visit, consultation: ConsultationView, given: Wording, error: _Error = None) -> Response:
    return visit.page("outcome/new_recommendation.html", **_fields(consultation, given, error))


async def _show(
    visit: Visit, consultation: ConsultationView, id: UUID, error: _Error = None, given: Wording | None = None
) -> Response:
    async with visit.database.writing() as session:
        work = await drafts_of_outcome.draft(session, visit.actor, consultation.id, id)
    return visit.page(
        "outcome/draft_recommendation.html",
        **_fields(consultation, given or _of(work), error),
        draft=work,
        cited=[with_entry(each, consultation) for each in work.cited],
        figures=figures(work.support),
    )
