"""`/developers`: how programs read and write, in two short starts."""

from fastapi import APIRouter
from starlette.responses import Response

from app.readings import consultations, versions
from app.web.kit.visit import Visiting

router = APIRouter()


@router.get("/developers")
async def developers(visit: Visiting) -> Response:
    """Short starts, with this service's own addresses."""
    async with visit.database.reading() as connection:
        version = await versions.service_version(connection)
        found = await consultations.consultations(connection)
    slug = found[0].slug if found else "SLUG"
    topic = found[0].topics[0].slug if found and found[0].topics else "TOPIC"
    return visit.public("public/developers.html", version, slug=slug, topic=topic)
