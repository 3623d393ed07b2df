"""`/c/{consultation}/synthesis/codes`: the code book: codes made, changed, merged, split, retired; memos."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app import errors
from app.permissions import Thing
from app.readings.coding import code_book, codings
from app.readings.coding.code_book import CodeView
from app.readings.consultation_views import ConsultationView
from app.synthesis import code_book as book
from app.synthesis import code_merging, memos
from app.synthesis.code_words import NAME_LIMIT, CodeWords
from app.web.coding import coding_words
from app.web.coding.coding_query import indented
from app.web.kit.allowed import consultation_to
from app.web.kit.grounds import identifier
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
PAGE = 50
_EMPTY = dict.fromkeys(("name", "definition", "colour", "parent", "part", "memo"), "")
_REFUSED = (errors.Invalid, errors.Conflict)
_Error = errors.PlenaryError | None


@router.get("/c/{slug}/synthesis/codes")
async def show_book(visit: Visiting, slug: str) -> Response:
    """All codes with their use, and the form for a new one."""
    return await _show_book(visit, await consultation_to(visit, "outcome.read", slug))


@router.post("/c/{slug}/synthesis/codes")
async def make(visit: Visiting, slug: str) -> Response:
    """Put a new code into the book. What cannot be taken comes back with the reason beside it."""
    form, consultation = await visit.form(), await consultation_to(visit, "code.make", slug)
    try:
        async with visit.database.writing() as session:
            await book.make(session, visit.actor, consultation.id, _words(form))
    except _REFUSED as error:
        return await _show_book(visit, consultation, form, error)
    return visit.go(f"/c/{slug}/synthesis/codes", done="made")


@router.get("/c/{slug}/synthesis/codes/{id:uuid}")
async def show_code(visit: Visiting, slug: str, id: UUID, after: UUID | None = None) -> Response:
    """A code: its words, its codings, its history, and what was noted about it."""
    return await _show_code(visit, await consultation_to(visit, "outcome.read", slug), id, after)


@router.post("/c/{slug}/synthesis/codes/{id:uuid}")
async def change(visit: Visiting, slug: str, id: UUID) -> Response:
    """Save another name, definition, colour or place."""
    form, consultation = await visit.form(), await consultation_to(visit, "outcome.read", slug)
    try:
        async with visit.database.writing() as session:
            await code_book.code(session, visit.actor, consultation.id, id)
            await book.change(session, visit.actor, id, _words(form))
    except _REFUSED as error:
        return await _show_code(visit, consultation, id, None, form, error)
    return visit.go(f"/c/{slug}/synthesis/codes/{id}", done="changed")


@router.post("/c/{slug}/synthesis/codes/{id:uuid}/split")
async def split(visit: Visiting, slug: str, id: UUID) -> Response:
    """Give the chosen codings to a new code."""
    form, consultation = await visit.form(), await consultation_to(visit, "outcome.read", slug)
    chosen = [identifier(value) for value in form.getlist("coding")]
    given = CodeWords(str(form.get("part", "")), parent=_parent(form))
    try:
        async with visit.database.writing() as session:
            await code_book.code(session, visit.actor, consultation.id, id)
            part = await code_merging.split(session, visit.actor, id, chosen, given)
    except _REFUSED as error:
        after = str(form.get("after", ""))
        return await _show_code(visit, consultation, id, identifier(after) if after else None, form, _of_part(error))
    return visit.go(f"/c/{slug}/synthesis/codes/{part.id}", done="split")


@router.post("/c/{slug}/synthesis/codes/{id:uuid}/retire")
async def retire(visit: Visiting, slug: str, id: UUID) -> Response:
    """Retire a code, or use it again."""
    form, consultation = await visit.form(), await consultation_to(visit, "outcome.read", slug)
    verb, done = (book.resume, "resumed") if form.get("do") == "resume" else (book.retire, "retired")
    try:
        async with visit.database.writing() as session:
            await code_book.code(session, visit.actor, consultation.id, id)
            await verb(session, visit.actor, id)
    except _REFUSED as error:
        return await _show_code(visit, consultation, id, None, None, error)
    return visit.go(f"/c/{slug}/synthesis/codes/{id}", done=done)


@router.post("/c/{slug}/synthesis/codes/{id:uuid}/memos")
async def note(visit: Visiting, slug: str, id: UUID) -> Response:
    """Keep a memo about the code, or take one's own away."""
    form, consultation = await visit.form(), await consultation_to(visit, "outcome.read", slug)
    if "remove" in form:
        async with visit.database.writing() as session:
            await memos.remove(session, visit.actor, consultation.id, identifier(form["remove"]))
        return visit.go(f"/c/{slug}/synthesis/codes/{id}", done="unnoted")
    try:
        async with visit.database.writing() as session:
            await memos.on_code(session, visit.actor, consultation.id, id, str(form.get("memo", "")))
    except _REFUSED as error:
        return await _show_code(visit, consultation, id, None, form, error)
    return visit.go(f"/c/{slug}/synthesis/codes/{id}", done="noted")


@router.get("/c/{slug}/synthesis/codes/{id:uuid}/merge")
async def ask_merge(visit: Visiting, slug: str, id: UUID) -> Response:
    """Asks into which code, and says what will be gone."""
    return await _show_merge(visit, await consultation_to(visit, "code.manage", slug), id)


@router.post("/c/{slug}/synthesis/codes/{id:uuid}/merge")
async def merge(visit: Visiting, slug: str, id: UUID) -> Response:
    """Merge it into another one."""
    form, consultation = await visit.form(), await consultation_to(visit, "code.manage", slug)
    into = str(form.get("into", ""))
    try:
        async with visit.database.writing() as session:
            await code_book.code(session, visit.actor, consultation.id, id)
            target = identifier(into) if into else id
            survivor = await code_merging.merge(session, visit.actor, id, target)
    except _REFUSED as error:
        return await _show_merge(visit, consultation, id, into, error)
    return visit.go(f"/c/{slug}/synthesis/codes/{survivor.id}", done="merged")


def _words(form: FormData) -> CodeWords:
    given = {name: str(form.get(name, "")) for name in ("name", "definition", "colour")}
    return CodeWords(**given, parent=_parent(form))


def _parent(form: FormData) -> UUID | None:
    return identifier(form["parent"]) if form.get("parent") else None


def _of_part(error: errors.PlenaryError) -> errors.PlenaryError:
    """What is wrong with the new code's name belongs beside the field of this form."""
    if isinstance(error, errors.Invalid) and "name" in error.fields:
        return errors.Invalid({"part" if field == "name" else field: said for field, said in error.fields.items()})
    return error


def _refused(error: _Error) -> dict[str, Any]:
    return {
        **refusal(error),
        "said": coding_words,
        "limit": NAME_LIMIT,
    }


async def _show_book(
    visit: Visit, consultation: ConsultationView, form: FormData | None = None, error: _Error = None
) -> Response:
    async with visit.database.writing() as session:
        codes = await code_book.codes(session, visit.actor, consultation.id)
    return visit.page(
        "coding/code_book.html",
        consultation=consultation,
        code=None,
        codes=[each for each in codes if not each.retired],
        retired=[each for each in codes if each.retired],
        names={each.id: each.name for each in codes},
        parents=[(str(each.id), indented(each)) for each in codes if not each.retired],
        given={**_EMPTY, **(form or {})},
        **_refused(error),
    )


async def _show_code(
    visit: Visit, consultation: ConsultationView, id: UUID, after: UUID | None, form: FormData | None = None,
    error: _Error = None,
) -> Response:  # fmt: skip
    async with visit.database.writing() as session:
        code = await code_book.code(session, visit.actor, consultation.id, id)
        codes = await code_book.codes(session, visit.actor, consultation.id, counted=False)
        found, more = await codings.of_code(session, id, visit.actor, PAGE, after)
        changes = await code_book.history(session, id)
        noted = await codings.memos_on_code(session, visit.actor, id)
    thing, names = Thing(consultation.id, code.made_by), {str(each.id): each.name for each in codes}
    present = {
        "name": code.name,
        "definition": code.definition,
        "colour": code.colour,
        "parent": str(code.parent or ""),
    }
    return visit.page(
        "coding/code_in_book.html",
        consultation=consultation,
        code=code,
        parents=_parents(codes, code),
        codings=found,
        after=after,
        next=f"?after={found[-1].id}#codings" if more else "",
        history=[(each, coding_words.in_words(each, code, names)) for each in changes],
        memos=noted,
        names=names,
        given={**_EMPTY, **present, **(form or {})},
        chosen=form.getlist("coding") if form else [],
        may_change=not code.retired and visit.may("code.change", thing),
        may_manage=visit.may("code.manage", thing),
        **_refused(error),
    )


async def _show_merge(
    visit: Visit, consultation: ConsultationView, id: UUID, into: str = "", error: _Error = None
) -> Response:
    async with visit.database.writing() as session:
        code = await code_book.code(session, visit.actor, consultation.id, id)
        codes = await code_book.codes(session, visit.actor, consultation.id, counted=False)
    return visit.page(
        "coding/merge_code.html",
        consultation=consultation,
        code=code,
        others=[(str(each.id), indented(each)) for each in codes if not each.retired and each.id != id],
        into=into,
        **_refused(error),
    )


def _parents(codes: list[CodeView], code: CodeView) -> list[tuple[str, str]]:
    """The codes that this one may stand beneath: none that stands beneath it."""
    beneath = {code.id}
    for each in codes:  # parents come first
        if each.parent in beneath:
            beneath.add(each.id)
    return [(str(each.id), indented(each)) for each in codes if not each.retired and each.id not in beneath]
