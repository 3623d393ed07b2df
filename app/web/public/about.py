"""`/about/privacy`, `/about/rules`: what holds in each consultation."""

from fastapi import APIRouter
from starlette.responses import Response

from app.readings import consultations, versions
from app.web.kit.visit import Visit, Visiting

router = APIRouter()


@router.get("/about/privacy")
async def privacy(visit: Visiting) -> Response:
    """What is known about people, who sees it, and how they take it back."""
    return await _page(visit, "public/privacy.html")


@router.get("/about/rules")
async def rules(visit: Visiting) -> Response:
    """The moderation rules of each consultation."""
    return await _page(visit, "public/rules.html")


async def _page(visit: Visit, template: str) -> Response:
    async with visit.database.reading() as connection:
        version = await versions.service_version(connection)
        found = await consultations.consultations(connection)
    return visit.public(template, version, consultations=found)
