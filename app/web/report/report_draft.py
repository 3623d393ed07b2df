"""`/c/{consultation}/synthesis/report`: where rapporteurs write the report, see what is missing, and publish it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.language import LANGUAGES, OWN_NAMES
from app.language import gettext as _
from app.printing.to_html import html
from app.readings.consultation_views import ConsultationView
from app.readings.outcome import draft_of_report, recommendations, report
from app.synthesis import report_drafts, reporting
from app.synthesis.report_sections import RESULTS
from app.synthesis.report_wording import LIMITS, ReportWords
from app.web.kit import outcome_words
from app.web.kit.allowed import consultation_to
from app.web.kit.grounds import count_in
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting
from app.web.moderation.noting import noted
from app.web.report import report_inserting as inserting
from app.web.report.report import parts
from app.web.report.report_document import report_document

router = APIRouter()
FIELDS = 600  # one for each topic and question, and some
_Error = errors.PlenaryError | None


@router.get("/c/{slug}/synthesis/report")
async def ask(visit: Visiting, slug: str) -> Response:
    """The draft, or what it would begin with."""
    return await _show(visit, await consultation_to(visit, "report.write", slug))


@router.post("/c/{slug}/synthesis/report")
async def save(visit: Visiting, slug: str) -> Response:
    """Keep what was written. What cannot be taken comes back with the reason beside it."""
    sent, consultation = await visit.form(FIELDS), await consultation_to(visit, "report.write", slug)
    given = words_in(sent)
    if sent.get("do") == "insert":
        return await _insert(visit, consultation, given, sent)
    try:
        async with visit.database.writing() as session:
            await reporting.save(session, visit.actor, consultation.id, given, count_in(sent, "saved"))
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, consultation, error, given)
    return visit.go(f"/c/{slug}/synthesis/report", done="saved")


@router.post("/c/{slug}/synthesis/report/publish")
async def publish(visit: Visiting, slug: str) -> Response:
    """Publish the draft. What hinders that, and what lacks a reason, is named."""
    sent, consultation = await visit.form(FIELDS), await consultation_to(visit, "report.write", slug)
    reasons = {name.removeprefix("why_"): str(value) for name, value in sent.items() if name.startswith("why_")}
    try:
        async with visit.database.writing() as session:
            made = await reporting.publish(session, visit.actor, consultation.id, count_in(sent, "saved"), reasons)
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, consultation, error, reasons=reasons)
    return visit.go(f"/c/{slug}/report?version={made.version}", done="published")


@router.get("/c/{slug}/synthesis/report/preview")
async def preview(visit: Visiting, slug: str, language: str = "") -> Response:
    """The draft, or what it says in another language, as the public would see it. Raises NotFound."""
    consultation = await consultation_to(visit, "report.write", slug)
    async with visit.database.writing() as session:
        work: draft_of_report.ReportDraft | draft_of_report.TranslatedDraft
        if language:
            work = await draft_of_report.translated(session, visit.actor, consultation.id, language)
        else:
            work = await draft_of_report.draft(session, visit.actor, consultation.id)
    if not work.saved:
        raise errors.NotFound(_("There is no such draft."))
    async with visit.database.reading() as connection:
        whole = await report.assembled(connection, slug, work.text)
    document = report_document(whole, "")
    return visit.page(
        "report/report_preview.html",
        consultation=consultation, report=work.text, document=document, parts=parts(document),
        body=html(document.blocks), language=language,
    )  # fmt: skip


@router.get("/c/{slug}/synthesis/report/discard")
async def ask_discard(visit: Visiting, slug: str) -> Response:
    """Asks whether the draft is to go. Raises NotFound where there is none."""
    consultation = await consultation_to(visit, "report.write", slug)
    async with visit.database.writing() as session:
        work = await draft_of_report.draft(session, visit.actor, consultation.id)
    if not work.saved:
        raise errors.NotFound(_("There is no such draft."))
    return visit.page("report/discard_report.html", consultation=consultation, draft=work)


@router.post("/c/{slug}/synthesis/report/discard")
async def discard(visit: Visiting, slug: str) -> Response:
    """Throw the draft away. Raises Conflict where somebody saved it meanwhile."""
    sent, consultation = await visit.form(), await consultation_to(visit, "report.write", slug)
    async with visit.database.writing() as session:
        await report_drafts.discard(session, visit.actor, consultation.id, count_in(sent, "saved"))
    return visit.go(f"/c/{slug}/synthesis", done="discarded")


def words_in(sent: Mapping[str, Any]) -> ReportWords:
    """The words that a form holds."""
    names = ("title", "language", "summary", "method", "reason")
    results = {name.removeprefix(RESULTS): str(sent[name]) for name in sent if name.startswith(RESULTS)}
    return ReportWords(**{name: str(sent.get(name, "")) for name in names}, results=results)


async def _insert(
    visit: Visit, consultation: ConsultationView, given: ReportWords, sent: Mapping[str, Any]
) -> Response:  # fmt: skip
    """The form with a line more in one of its texts, not saved."""
    wanted = inserting.wanted(sent)
    try:
        given = inserting.with_line(given, wanted)
    except errors.Invalid as error:
        return await _show(visit, consultation, error, given, insert=wanted)
    return await _show(visit, consultation, None, given, insert=wanted, inserted=wanted["insert_into"])


async def _show(
    visit: Visit, consultation: ConsultationView, error: _Error = None, given: ReportWords | None = None,
    reasons: Mapping[str, str] | None = None, insert: Mapping[str, str] | None = None, inserted: str = "",
) -> Response:  # fmt: skip
    async with visit.database.writing() as session:
        work = await draft_of_report.draft(session, visit.actor, consultation.id)
    async with visit.database.reading() as connection:
        public = await recommendations.recommendations(connection, consultation.id)
    words = given or work.words
    if not words.language:
        words = replace(words, language=visit.language)
    return visit.page(
        "report/report_draft.html",
        consultation=consultation,
        draft=work,
        given=words,
        languages=language_choices(words.language),
        reasons=reasons or {},
        limits=LIMITS,
        outcome=outcome_words,
        insert=insert or inserting.wanted({}),
        inserted=inserted,
        insertable=inserting.insertable(public),
        places=inserting.places(consultation),
        noted=[each.slug for each in noted(visit, consultation)] if work.saved else [],
        **refusal(error),
    )


def language_choices(present: str) -> Sequence[tuple[str, str]]:
    """The six languages, and before them the present one where it is another."""
    choices = [(tag, OWN_NAMES[tag]) for tag in LANGUAGES]
    return choices if present in LANGUAGES or not present else [(present, present), *choices]
