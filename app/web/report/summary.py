"""`/c/{consultation}/summary`: the outcome on two pages, for the hand and for the voice, as pages and as files."""

from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.permissions import Thing
from app.printing.apart import TYPES, Form
from app.printing.to_html import html
from app.readings import consultations
from app.readings.outcome import recommendations, sent_outcome
from app.readings.outcome import summary as readings
from app.web.kit import outcome_words
from app.web.kit.visit import PRIVATE, PUBLIC, VARY, Visit, Visiting, version_of
from app.web.report.summary_document import speech_document, summary_document
from app.web.report.summary_files import Part, file_of

router = APIRouter()
FORMS = {"pdf": "PDF", "docx": "DOCX"}
_LAST = 32_767  # versions
_Version = Query(None, ge=1, le=_LAST)


@router.get("/c/{slug}/summary")
async def page(visit: Visiting, slug: str, version: int | None = _Version) -> Response:
    """The newest version, or the one that is named; before the first, what there is instead. Raises NotFound."""
    return await _page(visit, slug, version, "summary")


@router.get("/c/{slug}/summary/speaker")
async def speaker(visit: Visiting, slug: str, version: int | None = _Version) -> Response:
    """What whoever presents it says aloud. Raises NotFound."""
    return await _page(visit, slug, version, "speech")


@router.get("/c/{slug}/summary.{form}")
async def file(visit: Visiting, slug: str, form: Form, version: int | None = _Version) -> Response:
    """A version as a file. Raises NotFound, Unavailable."""
    return await _file(visit, slug, form, version, "summary")


@router.get("/c/{slug}/summary/speaker.{form}")
async def speaker_file(visit: Visiting, slug: str, form: Form, version: int | None = _Version) -> Response:
    """The speaker's version as a file. Raises NotFound, Unavailable."""
    return await _file(visit, slug, form, version, "speech")


async def _page(visit: Visit, slug: str, version: int | None, part: Part) -> Response:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await readings.versions(connection, consultation.id)
        outcome = await recommendations.is_there(connection, consultation.id)
        sent = await sent_outcome.sent(connection, consultation.id)
        whole = None
        if found or version is not None:
            said = await readings.text_of(connection, consultation.id, version)
            whole = await readings.assembled(connection, slug, said)
    document = (speech_document if part == "speech" else summary_document)(whole, "") if whole else None
    return visit.public(
        "report/summary.html",
        version_of(consultation),
        consultation=consultation,
        summary=whole.text if whole else None,
        part=part,
        published=found,
        has_outcome=outcome,
        outcome=outcome_words,
        sent=[each for each in sent if each.what == "summary" and whole and each.version == whole.text.version],
        document=document,
        body=html(document.blocks) if document else "",
        forms=FORMS,
        writes=visit.may("report.write", Thing(consultation.id)),
    )


async def _file(visit: Visit, slug: str, form: Form, version: int | None, part: Part) -> Response:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        said = await readings.text_of(connection, consultation.id, version)
    at: tuple[str, UUID, int, int] = (visit.base, consultation.id, consultation.size, 0)
    content = await file_of(visit.database, slug, said, form, part, at)
    name = f"{slug}-{'summary' if part == 'summary' else 'summary-speaker'}-{said.version}.{form}"
    headers = {
        "Cache-Control": PRIVATE if visit.actor.person else PUBLIC, "Vary": VARY,
        "Content-Disposition": f'attachment; filename="{name}"',
    }  # fmt: skip
    return Response(content, headers=headers, media_type=TYPES[form])
