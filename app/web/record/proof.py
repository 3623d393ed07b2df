"""`/c/{consultation}/record/{number}`: one contribution checked against the record, with all that it takes."""

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.readings import consultations
from app.readings.record import proofs
from app.readings.record.checkpoints import checkpoints_of
from app.web.kit.visit import Visiting, version_of

router = APIRouter()
_LONGEST = 9  # digits


@router.get("/c/{slug}/record/number")
async def look_up(visit: Visiting, slug: str, n: str = "") -> Response:
    """On to the proof of the contribution whose number was filled in."""
    number = n.strip()
    if not _is_number(number):
        raise errors.NotFound(_("Contributions have numbers: please give one, such as 42."))
    return visit.go(f"/c/{quote(slug)}/record/{int(number)}")


@router.get("/c/{slug}/record/{number}")
async def proof(visit: Visiting, slug: str, number: str) -> Response:
    """The proof that a contribution's text is the one that the record commits to."""
    if not _is_number(number):
        raise errors.NotFound(_("There is no such page."))
    signed = await checkpoints_of(visit.request.app.state, visit.database).of(slug)
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await proofs.proof(connection, consultation.id, int(number), signed.checkpoint, visit.base)
    return visit.public(
        "record/proof.html",
        version_of(consultation),
        consultation=consultation,
        proof=found,
        size=signed.checkpoint.size,
        note=signed.note.decode(),
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST
