"""`/c/{consultation}/contribute`: write something, reply to something; preview, keep as a draft, send."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.datastructures import FormData
from starlette.responses import Response

from app import errors
from app.accounts import limits
from app.accounts.sign_in import own_path
from app.contributions import actions, drafts
from app.permissions import Thing
from app.readings import consultations
from app.readings.discussion import attachments
from app.readings.organising import documents
from app.readings.organising.documents import DocumentView
from app.synthesis.commenting import comment
from app.web.discussion import bylines
from app.web.discussion.attachments import MOST_AT_ONCE, has_files, uploads_in
from app.web.discussion.writing_place import Place, place, signer
from app.web.kit import contribution_form as forms
from app.web.kit.contribution_form import ContributionForm
from app.web.kit.entries import entry
from app.web.kit.faults import status_of
from app.web.kit.network import network_of
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
_DRAFTS_FROM_A_NETWORK = {"most": 60, "per_seconds": 900}


@router.get("/c/{slug}/contribute")
async def write(
    visit: Visiting, slug: str, topic: str = "", parent: int | None = Query(None, ge=1), draft: UUID | None = None,
    document: UUID | None = None, recommendation: int | None = Query(None, ge=1),
) -> Response:  # fmt: skip
    """The form: empty, with a draft in it, or begun with a link to a document; without a topic, the choice of one."""
    if draft is not None:
        kept = await kept_draft(visit, draft)
        return await _show(visit, slug, kept) if kept else visit.go(f"/c/{slug}/contribute", done="draft-gone")
    about = await _document(visit, slug, document) if document else None
    where = await place(visit, slug, topic or (about.topic if about else None) or "", parent, recommendation)
    signs = await signer(visit)
    form = forms.blank(where.consultation, where.topic.slug if where.topic else "", parent, signs, visit.language)
    if where.topic is None and parent is None:
        return visit.page("discussion/choose_topic.html", consultation=where.consultation, document=document)
    if about and parent is None:
        form = forms.about(form, about.title, f"{visit.base}/c/{slug}/documents/{about.id}")
    return await _show(visit, slug, replace(form, recommendation=recommendation))


@router.post("/c/{slug}/contribute")
async def send(visit: Visiting, slug: str, onward: str = "") -> Response:
    """Send the form, or do what its other buttons say; `onward` is the page that it stands on, in another language."""
    sent = await visit.form(files=MOST_AT_ONCE)
    form = forms.from_request(sent)
    match sent.get("do"):
        case "language" if not form.body.strip():
            return visit.go(own_path(onward))
        case "preview" | "language":
            return await _preview(visit, slug, form, again=has_files(sent))
        case "places":
            return await _show(visit, slug, form, again=has_files(sent))
        case "draft":
            return visit.go(await _keep(visit, slug, form), done="draft")
    if visit.actor.person is None:
        return visit.sign_in_first(await _keep(visit, slug, form))
    if not visit.actor.complete:
        return visit.complete_first(await _keep(visit, slug, form))
    if not form.id:  # from a page that was made for strangers: without an identifier a double click would post twice
        return visit.go(await _keep(visit, slug, form), done="once-more")
    try:
        address, done = await _post(visit, slug, form, sent)
    except (errors.Unavailable, errors.Unauthenticated):
        raise
    except errors.PlenaryError as error:
        return await _refused(visit, slug, form, error, again=has_files(sent))
    return visit.go(address, done=done)


async def _preview(visit: Visit, slug: str, form: ContributionForm, *, again: bool) -> Response:
    try:
        await limits.allow_preview(visit.database, network_of(visit.request), visit.actor.person)
    except errors.RateLimited as error:
        return await _show(visit, slug, form, error=error)
    return await _show(visit, slug, form, preview=True, again=again)


async def _post(visit: Visit, slug: str, form: ContributionForm, sent: FormData) -> tuple[str, str]:
    files = await uploads_in(visit, sent)
    where = await place(visit, slug, form.topic, form.parent, form.recommendation)
    id = forms.draft_id(form.id)
    async with visit.database.writing() as session:
        given = replace(form.submission(where.parent.id if where.parent else None), files=files)
        if form.recommendation is None:
            made = await actions.post(session, visit.actor, where.consultation.id, given, id=id)
        else:
            made = await comment(session, visit.actor, where.consultation.id, form.recommendation, given, id=id)
        if id is not None:
            await drafts.drop_draft(session, visit.actor, visit.browser, id)
        tells = bool(files) and await attachments.tell_something(session, made.id)
    done = "tells" if tells else "posted" if made.status == "published" else "waits"
    return f"/c/{slug}/{made.number or made.id}", done


async def _refused(
    visit: Visit, slug: str, form: ContributionForm, error: errors.PlenaryError, *, again: bool
) -> Response:
    """The form with what is wrong. One that was sent before goes on as an edit of what was sent then, its words of now
    kept as a draft; or as a new one, where that is gone."""
    which = error.details.get("which") if isinstance(error, errors.SentBefore) else None
    if which is None:
        return await _show(visit, slug, forms.anew(form, error), error=error, again=again)
    draft = await _keep_draft(visit, slug, form)
    return visit.go(f"/c/{slug}/{which}/edit?draft={draft}{'&again=yes' if again else ''}")


async def _keep(visit: Visit, slug: str, form: ContributionForm) -> str:
    """Keep the form as a draft; returns the address where it goes on."""
    return f"/c/{slug}/contribute?draft={await _keep_draft(visit, slug, form)}"


async def _keep_draft(visit: Visit, slug: str, form: ContributionForm) -> UUID:
    """Keep the form as a draft of the person or the browser; returns its identifier, which may be another."""
    if visit.actor.person is None:
        await limits.allow(visit.database, "drafts from", network_of(visit.request), **_DRAFTS_FROM_A_NETWORK)
        visit.own_browser()
    where = await place(visit, slug, form.topic, None)
    async with visit.database.writing() as session:
        kept = await drafts.keep_draft(
            session, visit.actor, visit.browser, where.consultation.id, form.draft(), forms.draft_id(form.id)
        )
        return kept.id


async def _document(visit: Visit, slug: str, id: UUID) -> DocumentView:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        return await documents.document(connection, consultation, id)


async def kept_draft(visit: Visit, id: UUID) -> ContributionForm | None:
    """A draft as the form that it was; None where there is no such draft of this visitor's."""
    async with visit.database.writing() as session:
        found = await drafts.find_draft(session, visit.actor, visit.browser, id)
        return forms.from_draft(found.id, found.fields) if found else None


async def _show(
    visit: Visit, slug: str, form: ContributionForm, *, preview: bool = False, again: bool = False,
    error: errors.PlenaryError | None = None,
) -> Response:  # fmt: skip
    try:
        where = await place(visit, slug, form.topic, form.parent, form.recommendation)
    except errors.Gone as gone:
        where, error = await place(visit, slug, form.topic, None), error or gone
    if where.topic is None and form.parent is None and not form.body:
        return visit.page("discussion/choose_topic.html", consultation=where.consultation, document=None)
    fields = await fields_context(visit, where, error)
    return visit.page(
        "discussion/contribute.html",
        status=status_of(error) if error else 200,
        form=form,
        byline_choices=bylines.for_signer(fields["signer"]),
        preview=preview,
        again=again,
        **fields,
    )


async def fields_context(visit: Visit, where: Place, error: errors.PlenaryError | None) -> dict[str, Any]:
    """What the form's fields need, besides the form."""
    consultation, topic = where.consultation, where.topic.id if where.topic else None
    return {
        "consultation": consultation,
        "topic": where.topic,
        "is_open": where.is_open,
        "commented": where.recommendation,
        "parent": entry(where.parent, consultation) if where.parent else None,
        "signer": await signer(visit),
        "languages": forms.language_choices(consultation),
        "limits": forms.LIMITS,
        "faults": forms.Faults(error.fields if isinstance(error, errors.Invalid) else {}),
        "message": error.message if error and not isinstance(error, errors.Invalid) else "",
        "may_note": visit.may("contribution.note", Thing(consultation.id, topic=topic)),
        "terms": consultation.details,
        "signed_in": visit.actor.person is not None,
        "topics": [(each.slug, each.title) for each in consultation.topics if each.phase == "open"],
    }
