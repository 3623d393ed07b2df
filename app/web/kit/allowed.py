"""The consultation of a page that not everybody may see, for whoever may do what the page is for."""

from app.permissions import Thing, require
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.web.kit.visit import Visit


async def consultation_to(visit: Visit, act: str, slug: str) -> ConsultationView:
    """The consultation, if the visitor may do this act in all of it. Raises NotFound, Unauthenticated, Forbidden."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    require(visit.actor, act, Thing(consultation.id))
    return consultation
