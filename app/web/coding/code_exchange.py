"""`/c/{consultation}/synthesis/codes/exchange`: codes, codings and gists as files, and taken in from files.

A file is held between the look at what it would do and the word that it shall be done.
"""

import asyncio
from collections.abc import Callable
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.permissions import Thing
from app.readings.coding import code_files, gists
from app.readings.consultation_views import ConsultationView
from app.readings.exporting.sheets import CSV, as_csv
from app.synthesis.exchange import actions, files, holding
from app.synthesis.exchange.plan import Plan
from app.synthesis.qdpx import writing
from app.synthesis.qdpx.archive import MOST_BYTES
from app.synthesis.qdpx.model import Project
from app.web.kit.allowed import consultation_to
from app.web.kit.grounds import identifier_in
from app.web.kit.refused import refusal
from app.web.kit.visit import PRIVATE, Visit, Visiting

router = APIRouter()
SHOWN_LINES = 300
_Form = Literal["project.qdpx", "codebook.qdc", "codes.csv", "codings.csv"]
_FORMS: dict[str, tuple[str, Callable[[Project], bytes]]] = {
    "project.qdpx": ("application/zip", writing.project),
    "codebook.qdc": ("application/xml", lambda whole: writing.codebook(whole.codes, code_files.ORIGIN)),
    "codes.csv": (CSV, lambda whole: as_csv(code_files.codebook_rows(whole.codes))),
    "codings.csv": (CSV, lambda whole: as_csv(code_files.coding_rows(whole))),
}


@router.get("/c/{slug}/synthesis/codes/exchange")
async def page(visit: Visiting, slug: str, file: UUID | None = None) -> Response:
    """What there is to take along, the form for a file, and what a file that is held would do."""
    consultation = await consultation_to(visit, "outcome.read", slug)
    if file is None:
        return _show(visit, consultation)
    try:
        async with visit.database.writing() as session:
            held = await holding.held(session, visit.actor, consultation.id, file)
            plan = await _look(session, visit, consultation, held.content)
    except (errors.Invalid, errors.NotFound) as error:
        return _show(visit, consultation, error)
    return _show(visit, consultation, plan=plan, file=file, name=held.name)


@router.post("/c/{slug}/synthesis/codes/exchange")
async def send(visit: Visiting, slug: str) -> Response:
    """Look at a file. What cannot be read comes back with the reason beside the field."""
    sent, consultation = await visit.form(files=1), await consultation_to(visit, "code.manage", slug)
    try:
        name, content = await _chosen(sent)
        await asyncio.to_thread(files.read, content)
        async with visit.database.writing() as session:
            held = await holding.hold(session, visit.actor, consultation.id, name, content)
    except errors.Invalid as error:
        return _show(visit, consultation, error)
    return visit.go(f"/c/{slug}/synthesis/codes/exchange?file={held.id}")


@router.post("/c/{slug}/synthesis/codes/exchange/take-in")
async def take_in(visit: Visiting, slug: str) -> Response:
    """Take in what was looked at, or leave it."""
    sent, consultation = await visit.form(), await consultation_to(visit, "code.manage", slug)
    home = f"/c/{slug}/synthesis/codes/exchange"
    try:
        async with visit.database.writing() as session:
            if sent.get("do") == "leave":
                await holding.drop(session, visit.actor, consultation.id)
                return visit.go(home, done="left")
            held = await holding.held(session, visit.actor, consultation.id, identifier_in(sent, "file"))
            project = await asyncio.to_thread(files.read, held.content)
            await actions.take_in(session, visit.actor, consultation.id, project)
            await holding.drop(session, visit.actor, consultation.id)
    except (errors.Invalid, errors.NotFound, errors.Conflict) as error:
        return _show(visit, consultation, error)
    return visit.go(home, done="taken")


@router.get("/c/{slug}/synthesis/codes/exchange/gists.csv")
async def download_gists(visit: Visiting, slug: str) -> Response:
    """The gists as a table."""
    consultation = await consultation_to(visit, "outcome.read", slug)
    async with visit.database.writing() as session:
        found = await gists.of_consultation(session, visit.actor, consultation.id)
    return _file(slug, "gists.csv", CSV, as_csv(code_files.gist_rows(found)))


@router.get("/c/{slug}/synthesis/codes/exchange/{form}")
async def download(visit: Visiting, slug: str, form: _Form) -> Response:
    """The codes, or everything, as a file."""
    consultation = await consultation_to(visit, "outcome.read", slug)
    async with visit.database.writing() as session:
        whole = await code_files.project(session, visit.actor, consultation, visit.base)
    media_type, written = _FORMS[form]
    # Aside: packing thousands of texts takes a while, in which others want answers.
    content = await asyncio.to_thread(written, whole)
    return _file(slug, form, media_type, content)


def _file(slug: str, name: str, media_type: str, content: bytes) -> Response:
    headers = {"Cache-Control": PRIVATE, "Content-Disposition": f'attachment; filename="{slug}-{name}"'}
    return Response(content, media_type=media_type, headers=headers)


async def _look(session: AsyncSession, visit: Visit, consultation: ConsultationView, content: bytes) -> Plan:
    project = await asyncio.to_thread(files.read, content)
    return await actions.look(session, visit.actor, consultation.id, project)


async def _chosen(sent: FormData) -> tuple[str, bytes]:
    file = sent.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise errors.Invalid({"file": _("Please choose a file.")})
    return file.filename, await file.read(MOST_BYTES + 1)


def _show(
    visit: Visit, consultation: ConsultationView, error: errors.PlenaryError | None = None, *,
    plan: Plan | None = None, file: UUID | None = None, name: str = "",
) -> Response:  # fmt: skip
    return visit.page(
        "coding/code_exchange.html",
        **refusal(error),
        consultation=consultation,
        plan=plan,
        coders=[(coder, count) for coder, count in plan.coders.items() if isinstance(coder, str)] if plan else [],
        file=file,
        name=name,
        takes_in=visit.may("code.manage", Thing(consultation.id)),
        most=MOST_BYTES // 2**20,
        shown=SHOWN_LINES,
    )
