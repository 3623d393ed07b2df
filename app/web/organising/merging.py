"""`/c/{consultation}/organise/organisations`: names that may be one organisation's, brought together or taken apart."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.accounts import aliases
from app.contributions.naming import merge_organisations
from app.readings.consultation_views import ConsultationView
from app.readings.organisations import merged_in, organisations
from app.readings.organising.likeness import alike
from app.web.kit.allowed import consultation_to
from app.web.kit.contribution_form import Faults
from app.web.kit.faults import status_of
from app.web.kit.grounds import optional_in
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
NOTHING_SENT: Mapping[str, Any] = {}


@router.get("/c/{slug}/organise/organisations")
async def page(visit: Visiting, slug: str) -> Response:
    """What looks alike, what was brought together, and the form for any two. For organisers."""
    return await _show(visit, await consultation_to(visit, "organisation.merge", slug))


@router.post("/c/{slug}/organise/organisations")
async def merge(visit: Visiting, slug: str) -> Response:
    """Say that one is another name of a second."""
    sent, consultation = await visit.form(), await consultation_to(visit, "organisation.merge", slug)
    try:
        async with visit.database.writing() as session:
            alias, into = optional_in(sent, "alias"), optional_in(sent, "into")
            await merge_organisations(session, visit.actor, consultation.id, alias, into)
    except errors.Invalid as error:
        return await _show(visit, consultation, error, sent)
    return visit.go(f"/c/{slug}/organise/organisations", done="merged")


@router.post("/c/{slug}/organise/organisations/{alias}/take-apart")
async def take_apart(visit: Visiting, slug: str, alias: UUID) -> Response:
    """Take a name for an organisation of its own again."""
    await visit.form()
    consultation = await consultation_to(visit, "organisation.merge", slug)
    async with visit.database.writing() as session:
        await aliases.take_apart(session, visit.actor, consultation.id, alias)
    return visit.go(f"/c/{slug}/organise/organisations", done="apart")


async def _show(
    visit: Visit, consultation: ConsultationView, error: errors.Invalid | None = None,
    sent: Mapping[str, Any] = NOTHING_SENT,
) -> Response:  # fmt: skip
    async with visit.database.reading() as connection:
        found = await organisations(connection, consultation)
        merged = await merged_in(connection, consultation.id)
    public = {id for each in found.listed for id in each.ids}
    return visit.page(
        "organising/merging.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        pairs=alike(found.listed),
        merged=[each for each in merged if each.alias in public],
        choices=[(str(each.id), each.name) for each in found.listed],
        sent=sent,
        faults=Faults(error.fields if error else {}),
    )
