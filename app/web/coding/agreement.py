"""`/c/{consultation}/synthesis/codes/agreement`: how far two coders agree, code by code."""

from uuid import UUID

from babel.numbers import format_decimal, format_percent
from fastapi import APIRouter
from starlette.responses import Response

from app.language import locale
from app.readings.coding import agreement
from app.web.kit.allowed import consultation_to
from app.web.kit.visit import Visiting

router = APIRouter()
SHOWN_TEXTS = 100


@router.get("/c/{slug}/synthesis/codes/agreement")
async def page(visit: Visiting, slug: str, first: UUID | None = None, second: UUID | None = None) -> Response:
    """The table for two coders: those who are asked for, or else the two who have read most together."""
    consultation = await consultation_to(visit, "outcome.read", slug)
    async with visit.database.writing() as session:
        pairs = await agreement.pairs(session, visit.actor, consultation.id)
        if first is None and second is None and pairs:
            first, second = pairs[0].first.id, pairs[0].second.id
        found = None
        if first is not None and second is not None:
            found = await agreement.compared(session, visit.actor, consultation.id, first, second)
    return visit.page(
        "coding/agreement.html",
        consultation=consultation, pairs=pairs, found=found, shown=SHOWN_TEXTS, percent=percent,
        figure=figure,
    )  # fmt: skip


def percent(value: float | None) -> str:
    """A share as the current language writes it."""
    return "" if value is None else format_percent(value, locale=locale())


def figure(value: float) -> str:
    """Kappa, to two places."""
    return format_decimal(round(value, 2) + 0.0, "0.00", locale=locale())  # no minus before a zero
