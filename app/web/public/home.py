"""`/`: the consultations; straight to the one, where there is one real one and nothing else."""

from fastapi import APIRouter
from starlette.responses import Response

from app.permissions import Thing
from app.readings import consultations, versions
from app.web.kit.visit import Visiting

router = APIRouter()


@router.get("/")
async def home(visit: Visiting) -> Response:
    """All consultations."""
    async with visit.database.reading() as connection:
        version = await versions.service_version(connection)
        found = await consultations.consultations(connection)
    if len(found) == 1 and not found[0].sample:
        return visit.go(f"/c/{found[0].slug}")
    may_create = visit.may("consultation.create", Thing())
    return visit.public("public/home.html", version, consultations=found, may_create=may_create)
