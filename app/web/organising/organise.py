"""`/c/{consultation}/organise`: everything that organisers do, in one place."""

from fastapi import APIRouter
from starlette.responses import Response

from app.permissions import Thing
from app.web.kit.allowed import consultation_to
from app.web.kit.visit import Visiting

router = APIRouter()


@router.get("/c/{slug}/organise")
async def hub(visit: Visiting, slug: str) -> Response:
    """What an organiser can do, in the order in which a consultation needs it. Raises NotFound, Forbidden."""
    consultation = await consultation_to(visit, "consultation.define", slug)
    return visit.page(
        "organising/organise.html", consultation=consultation, may_create=visit.may("consultation.create", Thing())
    )
