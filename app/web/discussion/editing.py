"""`/c/{consultation}/{number}/edit` and `…/byline`: change a text of one's own, or show less of who wrote it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.accounts import limits
from app.accounts.vocabulary import BYLINES
from app.contributions import actions, drafts
from app.language import gettext as _
from app.readings.discussion import attachments
from app.readings.discussion.differences import difference
from app.web.discussion import bylines
from app.web.discussion.attachments import MOST_AT_ONCE, attached, has_files, uploads_in
from app.web.discussion.contribute import fields_context, kept_draft
from app.web.discussion.owned import Owned, owned
from app.web.discussion.writing_place import Place, public_view
from app.web.kit import contribution_form as forms
from app.web.kit import words
from app.web.kit.contribution_form import ContributionForm
from app.web.kit.faults import status_of
from app.web.kit.network import network_of
from app.web.kit.visit import Visit, Visiting

router = APIRouter()


@router.get("/c/{slug}/{which}/edit")
async def edit_form(visit: Visiting, slug: str, which: str, draft: UUID | None = None, again: str = "") -> Response:
    """The form with the newest text in it; with a draft, that of a form which was sent before and says more now."""
    found = await owned(visit, slug, which)
    kept = await kept_draft(visit, draft) if draft else None
    if kept is None:
        return await _show(visit, found, forms.from_text(found.own.fields, found.consultation), found.own.latest)
    return await _show(visit, found, kept, found.own.latest, sent_before=True, again=bool(again))


@router.post("/c/{slug}/{which}/edit")
async def edit(visit: Visiting, slug: str, which: str) -> Response:
    """Write a new revision. Where somebody was faster, both texts are shown and nothing is written."""
    sent = await visit.form(files=MOST_AT_ONCE)
    form, found = forms.from_request(sent), await owned(visit, slug, which)
    draft = forms.draft_id(form.id)  # the text's own id, unless the form began with a draft
    based_on = _revision(str(sent.get("based_on", "")))
    again = has_files(sent)
    if sent.get("do") == "places":
        return await _show(visit, found, form, based_on, again=again)
    try:
        if sent.get("do") == "preview":
            await limits.allow_preview(visit.database, network_of(visit.request), visit.actor.person)
            return await _show(visit, found, form, based_on, preview=True, again=again)
        files = await uploads_in(visit, sent)
        async with visit.database.writing() as session:
            await actions.edit(session, visit.actor, found.id, based_on, _changes(form) | {"files": files})
            if draft is not None:
                await drafts.drop_draft(session, visit.actor, visit.browser, draft)
            tells = bool(files) and await attachments.tell_something(session, found.id)
    except (errors.Unavailable, errors.Unauthenticated):
        raise
    except errors.PlenaryError as error:
        return await _show(visit, found, form, based_on, error=error, again=again)
    return visit.go(found.address, done="tells" if tells else "edited")


@router.get("/c/{slug}/{which}/byline")
async def byline_form(visit: Visiting, slug: str, which: str) -> Response:
    """The choice of a lower byline."""
    return _show_byline(visit, await owned(visit, slug, which))


@router.post("/c/{slug}/{which}/byline")
async def lower_byline(visit: Visiting, slug: str, which: str) -> Response:
    """Show less of who wrote it, on all revisions at once."""
    sent, found = await visit.form(), await owned(visit, slug, which)
    try:
        async with visit.database.writing() as session:
            await actions.lower_byline(session, visit.actor, found.id, str(sent.get("byline", "")))
    except errors.Invalid as error:
        return _show_byline(visit, found, error)
    return visit.go(found.address, done="lowered")


def _changes(form: ContributionForm) -> dict[str, Any]:
    given = form.submission(None)
    names = ("title", "body", "language", "questions", "places", "deposit", "trapped")
    changes = {name: getattr(given, name) for name in names} | {"detached": _identifiers(form.detached)}
    return changes | ({"byline": given.byline} if given.byline else {})  # not asked where nothing is left to withhold


def _identifiers(values: tuple[str, ...]) -> frozenset[UUID]:
    try:
        return frozenset(map(UUID, values))
    except ValueError:
        raise errors.Malformed(_("This form is broken: its identifier is none. Please open it again.")) from None


async def _show(
    visit: Visit,
    found: Owned,
    form: ContributionForm,
    based_on: int,
    *,
    preview: bool = False,
    again: bool = False,
    sent_before: bool = False,
    error: errors.PlenaryError | None = None,
) -> Response:
    fields = found.own.fields
    is_kind, parent = fields["kind"], None
    if fields["parent"]:
        async with visit.database.reading() as connection:
            parent = await public_view(connection, UUID(fields["parent"]))
    async with visit.database.writing() as session:
        listed = await attachments.attachments_of(session, found.id, fields["attachments"])
    where = Place(found.consultation, found.consultation.topic(fields["topic"]), parent)
    conflict = isinstance(error, errors.PreconditionFailed)
    compared, signed = conflict or sent_before, _bylines(fields)
    return visit.page(
        "discussion/edit.html",
        status=status_of(error) if error else 200,
        form=replace(form, kind=is_kind),
        stays=words.KINDS[is_kind] if sent_before and form.kind not in ("", is_kind) else "",
        preview=preview,
        again=again,
        attached=attached(listed),
        which=fields["number"] or fields["id"],
        address=found.address,
        own=found.own,
        conflict=conflict,
        compared=compared,
        theirs=found.entry if compared else None,
        difference=difference(fields["body"] or "", form.body.replace("\r\n", "\n").strip()) if compared else [],
        based_on=found.own.latest if conflict else based_on,
        bylines=signed,
        byline_choices=bylines.for_text(fields, signed) if len(signed) > 1 else [],
        **await fields_context(visit, where, error),
    )


def _show_byline(visit: Visit, found: Owned, error: errors.Invalid | None = None) -> Response:
    fields = found.own.fields
    lower = _bylines(fields)[1:]
    return visit.page(
        "discussion/byline.html",
        status=422 if error else 200,
        consultation=found.consultation,
        address=found.address,
        own=found.own,
        entry=found.entry,
        byline_choices=bylines.for_text(fields, lower),
        chosen=lower[0] if lower else "",
        faults=forms.Faults(error.fields if error else {}),
    )


def _bylines(fields: Mapping[str, Any]) -> list[str]:
    """The byline that a text has, and those that it can still have."""
    now = fields["byline"]
    lower = BYLINES[BYLINES.index(now) + 1 :]
    return [now, *(each for each in lower if each != "organisation" or fields["organisation"])]


def _revision(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 6):
        raise errors.Malformed(
            _("This form is broken: it does not say which revision it changes. Please open it again.")
        )
    return int(value)
