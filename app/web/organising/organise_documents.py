"""`/c/{consultation}/organise/documents`: organisers announce, add files, publish, put in order, withdraw."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import Response

from app import clock, errors
from app.consultations import document_files as files
from app.consultations import documents as actions
from app.files.uploads import Upload
from app.language import gettext as _
from app.readings.consultation_views import ConsultationView
from app.readings.meetings import planned
from app.readings.meetings.planned import PlannedView
from app.readings.organising import documents as readings
from app.readings.organising.documents import DocumentView
from app.web.discussion.attachments import MOST_AT_ONCE, has_files, uploads_in
from app.web.kit import words
from app.web.kit.allowed import consultation_to
from app.web.kit.contribution_form import OTHER, language_choices
from app.web.kit.grounds import identifier_in, optional_in
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting
from app.web.organising import document_form as forms
from app.web.organising.document_form import DocumentForm

router = APIRouter()


@router.get("/c/{slug}/organise/documents")
async def listed(visit: Visiting, slug: str) -> Response:
    """All documents, and the form for another one."""
    consultation = await consultation_to(visit, "document.manage", slug)
    return await _show_all(visit, consultation, forms.blank(consultation, str(clock.new_id())))


@router.post("/c/{slug}/organise/documents")
async def add(visit: Visiting, slug: str) -> Response:
    """Announce a document, with a file and published at once where that is wanted; or move one up or down."""
    consultation, sent = await consultation_to(visit, "document.manage", slug), await visit.form(files=MOST_AT_ONCE)
    home = f"/c/{slug}/organise/documents"
    if sent.get("up") or sent.get("down"):
        return await _move(visit, consultation, sent, home)
    form = forms.from_request(sent)
    try:
        chosen = await uploads_in(visit, sent)
        async with visit.database.writing() as session:
            id = await _made(session, visit, consultation, sent, chosen)
    except (errors.Invalid, errors.Conflict, errors.Closed, errors.RateLimited) as error:
        return await _show_all(visit, consultation, form, error, again=has_files(sent))
    return visit.go(f"{home}/{id}", done="publish" if sent.get("do") == "publish" else "announce")


@router.get("/c/{slug}/organise/documents/{id}")
async def one(visit: Visiting, slug: str, id: UUID) -> Response:
    """All that can be done with one document."""
    consultation = await consultation_to(visit, "document.manage", slug)
    return await _show_one(visit, consultation, id)


@router.post("/c/{slug}/organise/documents/{id}")
async def change(visit: Visiting, slug: str, id: UUID) -> Response:
    """Do what the button says: describe it, add a file, publish, withdraw it or one of its files."""
    consultation, sent = await consultation_to(visit, "document.manage", slug), await visit.form(files=MOST_AT_ONCE)
    form = forms.from_request(sent)
    do = next((each for each in ("file", "publish", "withdraw") if sent.get("do") == each), "details")
    try:
        chosen = await uploads_in(visit, sent) if do == "file" else ()
        async with visit.database.writing() as session:
            await _do(session, visit, consultation, id, sent, do, chosen)
    except (errors.Invalid, errors.Conflict, errors.Closed, errors.RateLimited) as error:
        return await _show_one(visit, consultation, id, form, do, error, again=has_files(sent))
    return visit.go(f"/c/{slug}/organise/documents/{id}", done=do)


async def _made(
    session: AsyncSession, visit: Visit, consultation: ConsultationView, sent: FormData, chosen: tuple[Upload, ...]
) -> UUID:  # fmt: skip
    where, id, form = (session, visit.actor, consultation.id), identifier_in(sent, "id"), forms.from_request(sent)
    publish = sent.get("do") == "publish"
    if publish and not chosen:
        raise errors.Invalid({"files": _("Please choose its file, or announce it as to be published.")})
    made = await actions.announce(*where, form.details(await _meetings(session, consultation)), id)
    for upload in chosen[:1]:
        await files.add_file(*where, made.id, form.language, upload, bare=bool(form.bare), id=id)
    if publish:
        await actions.publish(*where, made.id)
    return made.id


async def _do(
    session: AsyncSession, visit: Visit, consultation: ConsultationView, id: UUID, sent: FormData, do: str,
    chosen: tuple[Upload, ...],
) -> None:  # fmt: skip
    where, form = (session, visit.actor, consultation.id), forms.from_request(sent)
    if do == "publish":
        await actions.publish(*where, id)
    elif do == "withdraw" and (file := optional_in(sent, "which")):
        await files.take_file(*where, id, file, form.reason)
    elif do == "withdraw":
        await actions.withdraw(*where, id, form.reason)
    elif do == "file" and not chosen:
        raise errors.Invalid({"files": _("Please choose a file.")})
    elif do == "file":
        new = identifier_in(sent, "id")
        await files.add_file(*where, id, form.language, chosen[0], bare=bool(form.bare), id=new)
    else:
        await actions.describe(*where, id, form.details(await _meetings(session, consultation)))


async def _move(visit: Visit, consultation: ConsultationView, sent: FormData, home: str) -> Response:
    id, by = (identifier_in(sent, "up"), -1) if sent.get("up") else (identifier_in(sent, "down"), 1)
    async with visit.database.writing() as session:
        await actions.move(session, visit.actor, consultation.id, id, by=by)
    return visit.go(f"{home}#d-{id}")


async def _meetings(session: AsyncSession, consultation: ConsultationView) -> list[UUID]:
    """The meetings to come, which a document may belong to."""
    return [each.id for each in await planned.planned_meetings(await session.connection(), consultation.id)]


async def _show_all(
    visit: Visit, consultation: ConsultationView, form: DocumentForm, error: errors.PlenaryError | None = None,
    *, again: bool = False,
) -> Response:  # fmt: skip
    async with visit.database.writing() as session:
        found = await readings.for_organisers(session, visit.actor, consultation)
        meetings = await planned.planned_meetings(await session.connection(), consultation.id)
    common = _common(consultation, form, meetings, error, again=again)
    return visit.page("organising/organise_documents.html", documents=found, **common)


async def _show_one(
    visit: Visit, consultation: ConsultationView, id: UUID, form: DocumentForm | None = None, did: str = "",
    error: errors.PlenaryError | None = None, *, again: bool = False,
) -> Response:  # fmt: skip
    async with visit.database.writing() as session:
        [found] = await readings.for_organisers(session, visit.actor, consultation, id)
        meetings = await planned.planned_meetings(await session.connection(), consultation.id)
    common = _common(consultation, _filled(found, consultation, form, did), meetings, error, again=again)
    return visit.page("organising/organise_document.html", document=found, did=did, **common)


def _filled(
    found: DocumentView, consultation: ConsultationView, sent: DocumentForm | None, did: str
) -> DocumentForm:  # fmt: skip
    """The page's forms: as the document is, but for what was just sent in one of them."""
    form = forms.from_view(found, consultation, str(clock.new_id()))
    if sent is None or did == "publish":
        return form
    if did == "file":
        return replace(form, id=sent.id, language=sent.language, bare=sent.bare)
    if did == "withdraw":
        return replace(form, which=sent.which, reason=sent.reason)
    titles = {**form.titles, **{tag: title for tag, title in sent.titles.items() if tag in form.titles}}
    return replace(sent, id=form.id, titles=titles, language=form.language)


def _common(
    consultation: ConsultationView, form: DocumentForm, meetings: Sequence[PlannedView],
    error: errors.PlenaryError | None, *, again: bool,
) -> dict[str, Any]:  # fmt: skip
    return {
        "consultation": consultation,
        **refusal(error),
        "form": form,
        "again": again,
        "kinds": [(kind, _(name), "") for kind, name in words.DOCUMENT_KINDS.items()],
        "topics": [
            ("", _("The whole consultation")),
            *((topic.slug, topic.title) for topic in consultation.topics),
            *((f"{forms.MEETING}{each.id}", _("Meeting: %(title)s", title=each.title)) for each in meetings),
        ],
        "languages": [pair for pair in language_choices(consultation) if pair[0] != OTHER],
        "limits": actions,
    }
