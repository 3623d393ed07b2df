"""`/c/{consultation}/report`: what came of it, in its newest version or an earlier one, as a page and as files."""

from functools import partial
from typing import Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from app import clock, errors
from app.permissions import Thing
from app.printing.apart import TYPES, Form
from app.printing.markdown import markdown
from app.printing.model import Document, Heading
from app.printing.to_html import html
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.discussion.proceedings import all_said
from app.readings.outcome import recommendations, report
from app.readings.outcome.report import ReportText
from app.web.kit.visit import PRIVATE, PUBLIC, VARY, Visit, Visiting, version_of
from app.web.report import report_files as files
from app.web.report.report_document import Said, report_document

router = APIRouter()
FORMS = {"pdf": "PDF", "docx": "DOCX", "md": "Markdown"}
_LAST = 32_767  # versions
_TAG = 35  # letters


@router.get("/c/{slug}/report")
async def page(
    visit: Visiting, slug: str, version: int | None = Query(None, ge=1, le=_LAST),
    language: str | None = Query(None, max_length=_TAG),
) -> Response:  # fmt: skip
    """The newest version, or the one that is named, in the language that is named or the reader's; before the first,
    what there is instead. Raises NotFound."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await report.versions(connection, consultation.id)
        outcome = await recommendations.is_there(connection, consultation.id)
        whole = None
        if found or version is not None or language is not None:
            said = await report.text_of(connection, consultation.id, version, language, visit.language)
            whole = await report.assembled(connection, slug, said)
    document = report_document(whole, "") if whole else None
    # Without its root it is not whole yet: no cache may keep it.
    settled = whole is None or whole.root is not None
    show = (
        partial(visit.public, "report/report.html", version_of(consultation))
        if settled
        else partial(visit.page, "report/report.html")
    )
    return show(
        consultation=consultation,
        report=whole.text if whole else None,
        published=found,
        outcome=outcome,
        document=document,
        parts=parts(document) if document else [],
        body=html(document.blocks) if document else "",
        forms=FORMS,
        writes=visit.may("report.write", Thing(consultation.id)),
    )


@router.get("/c/{slug}/report.{form}")
async def file(
    visit: Visiting,
    slug: str,
    form: Form | Literal["md"],
    version: int | None = Query(None, ge=1, le=_LAST),
    language: str | None = Query(None, max_length=_TAG),
    annex: bool = False,
) -> Response:
    """A version as a file, in the language that is named, else in the one that it was written in; with `annex`, all
    that was said is in it, too. Raises NotFound, Unavailable."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        said = await report.text_of(connection, consultation.id, version, language)
    if form == "md":
        content: bytes | None = markdown(await _document(visit, slug, said, annex=annex)).encode()
    else:
        patience = files.PATIENCE if "text/html" in visit.request.headers.get("accept", "") else None
        content = await files.content(_making(visit, consultation, said, form, annex=annex), patience)
    tongue = f"-{said.language}" if len(said.languages) > 1 else ""
    name = f"{slug}-report-{said.version}{tongue}{'-annex' if annex else ''}.{form}"
    if content is None:
        query = urlencode({**visit.request.query_params, "form": form})
        return visit.go(f"/c/{slug}/report/making?{query}")
    headers = {
        "Cache-Control": PRIVATE if visit.actor.person else PUBLIC, "Vary": VARY,
        "Content-Disposition": f'attachment; filename="{name}"',
    }  # fmt: skip
    return Response(content, headers=headers, media_type="text/markdown" if form == "md" else TYPES[form])


@router.get("/c/{slug}/report/making")
async def making(
    visit: Visiting, slug: str, form: Form, version: int | None = Query(None, ge=1, le=_LAST),
    language: str | None = Query(None, max_length=_TAG), annex: bool = False,
) -> Response:  # fmt: skip
    """How far a file is; once it is there the browser goes on to it by itself. Raises NotFound."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        said = await report.text_of(connection, consultation.id, version, language)
    its = _making(visit, consultation, said, form, annex=annex)
    query = {"version": said.version, "language": said.language} | ({"annex": "true"} if annex else {})
    path = f"/c/{slug}/report.{form}?{urlencode(query)}"
    answer = visit.page(
        "report/report_making.html", consultation=consultation, making=its, file=path, form=FORMS[form], report=said,
        stages=files.STAGES,
    )  # fmt: skip
    answer.headers["Refresh"] = f"0; url={path}" if its.is_ready else str(round(files.PATIENCE))
    return answer


def parts(document: Document) -> list[tuple[str, str]]:
    """The names and titles of a document's parts, for its table of contents."""
    return [
        (block.name, "".join(run.text for run in block.runs))
        for block in document.blocks
        if isinstance(block, Heading) and block.level == 1 and block.name
    ]


def _making(
    visit: Visit, consultation: ConsultationView, said: ReportText, form: Form, *, annex: bool
) -> files.Making:  # fmt: skip
    key = files.Key(consultation.id, said.version, said.language, consultation.size, visit.base, form, annex)
    document = partial(_document, visit, consultation.slug, said, annex=annex)
    return files.made(key, document, said.interface, said.published or clock.now())


async def _document(visit: Visit, slug: str, said: ReportText, *, annex: bool) -> Document:
    async with visit.database.reading() as connection:
        whole = await report.assembled(connection, slug, said)
        listed: Said | None = None
        if annex:
            try:
                found = await all_said(
                    connection, whole.consultation.id, [each.id for each in whole.consultation.topics]
                )
            except errors.TooLarge:  # thousands of texts: these are on the site, and in the exports
                found = {}
            listed = [(topic, found[topic.id]) for topic in whole.consultation.topics if topic.id in found]
    return report_document(whole, visit.base, listed)
