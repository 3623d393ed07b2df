"""`/c/{consultation}/synthesis/summary`: where rapporteurs write the two pages, see how long they are, publish them."""

import io
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from pypdf import PdfReader
from starlette.datastructures import FormData
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.printing.to_html import html
from app.readings.consultation_views import ConsultationView
from app.readings.outcome import recommendations
from app.readings.outcome import summary as readings
from app.readings.outcome.summary import SummaryDraft
from app.synthesis import summarising
from app.synthesis.summary_wording import BUDGET, LIMITS, PAGES, SummaryWords
from app.web.kit.allowed import consultation_to
from app.web.kit.grounds import count_in
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting
from app.web.report.report_draft import language_choices
from app.web.report.summary_document import KINDS, speech_document, summary_document
from app.web.report.summary_files import file_of

router = APIRouter()
_Error = errors.PlenaryError | None


@router.get("/c/{slug}/synthesis/summary")
async def ask(visit: Visiting, slug: str) -> Response:
    """The draft, or what it would begin with."""
    return await _show(visit, await consultation_to(visit, "report.write", slug))


@router.post("/c/{slug}/synthesis/summary")
async def save(visit: Visiting, slug: str) -> Response:
    """Keep what was written. What cannot be taken comes back with the reason beside it."""
    sent, consultation = await visit.form(), await consultation_to(visit, "report.write", slug)
    given = _words(sent)
    try:
        async with visit.database.writing() as session:
            await summarising.save(session, visit.actor, consultation.id, given, count_in(sent, "saved"))
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, consultation, error, given)
    return visit.go(f"/c/{slug}/synthesis/summary", done="saved")


@router.post("/c/{slug}/synthesis/summary/publish")
async def publish(visit: Visiting, slug: str) -> Response:
    """Publish the draft. What hinders that is named."""
    sent, consultation = await visit.form(), await consultation_to(visit, "report.write", slug)
    try:
        async with visit.database.writing() as session:
            made = await summarising.publish(session, visit.actor, consultation.id, count_in(sent, "saved"))
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, consultation, error)
    return visit.go(f"/c/{slug}/summary?version={made.version}", done="published")


@router.get("/c/{slug}/synthesis/summary/preview")
async def preview(visit: Visiting, slug: str) -> Response:
    """The draft as the public would see it, and what would be said aloud. Raises NotFound where there is none."""
    consultation = await consultation_to(visit, "report.write", slug)
    work = await _work(visit, consultation.id)
    if not work.saved:
        raise errors.NotFound(_("There is no such draft."))
    async with visit.database.reading() as connection:
        whole = await readings.assembled(connection, slug, work.text)
    document, speech = summary_document(whole, ""), speech_document(whole, "")
    return visit.page(
        "report/summary_preview.html", consultation=consultation, summary=work.text, part="summary", document=document,
        body=html(document.blocks), spoken=html(speech.blocks),
    )  # fmt: skip


def _words(sent: FormData) -> SummaryWords:
    names = ("title", "kind", "language", "body", "speech", "reason")
    chosen = [str(value) for value in sent.getlist("recommendations")]
    if not all(value.isascii() and value.isdigit() and len(value) < 10 for value in chosen):
        raise errors.Malformed(_("This form is broken. Please open it again."))
    return SummaryWords(
        **{name: str(sent.get(name, "")) for name in names}, recommendations=[int(value) for value in chosen]
    )  # fmt: skip


async def _work(visit: Visit, consultation: UUID) -> SummaryDraft:
    async with visit.database.writing() as session:
        return await readings.draft(session, visit.actor, consultation)


async def _pages(visit: Visit, consultation: ConsultationView, work: SummaryDraft) -> int:
    """How many pages the draft has in print; 0 where that cannot be said."""
    at = (visit.base, consultation.id, consultation.size, work.saved)
    try:
        content = await file_of(visit.database, consultation.slug, work.text, "pdf", "summary", at)
    except errors.Unavailable:
        return 0
    return len(PdfReader(io.BytesIO(content)).pages)


async def _show(
    visit: Visit, consultation: ConsultationView, error: _Error = None, given: SummaryWords | None = None
) -> Response:
    work = await _work(visit, consultation.id)
    async with visit.database.reading() as connection:
        found = await recommendations.recommendations(connection, consultation.id)
    words = given or work.words
    if not words.language:
        words = replace(words, language=visit.language)
    return visit.page(
        "report/summary_draft.html",
        consultation=consultation,
        draft=work,
        given=words,
        pages=await _pages(visit, consultation, work) if work.saved else 0,
        most={"words": BUDGET, "pages": PAGES},
        kinds=[(key, _(label), "") for key, label in KINDS.items()],
        choices=[(each.number, f"{each.number}. {each.title}", "") for each in found],
        languages=language_choices(words.language),
        limits=LIMITS,
        **refusal(error),
    )
