"""`/me/contributions`: all that one has written, the newest first."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.discussion import private
from app.readings.moderation.appeals import standings
from app.web.kit.visit import Visit, Visiting
from app.web.me.my_texts import Line, listed

router = APIRouter()
SHOWN = 50


@router.get("/me/contributions")
async def contributions(visit: Visiting, before: UUID | None = None) -> Response:
    """One's texts, each with where it stands; with `before`, those that are older than that one."""
    async with visit.database.reading() as connection:
        known = {view.slug: view for view in await consultations.consultations(connection)}
    async with visit.database.writing() as session:
        texts, older = await lines(session, visit, known, SHOWN, before)
    return visit.page("me/my_contributions.html", texts=texts, older=older)


async def lines(
    session: AsyncSession, visit: Visit, known: Mapping[str, ConsultationView], most: int, before: UUID | None = None
) -> tuple[list[Line], str]:
    """The newest of one's texts, and the address of the older ones; nothing where there are none."""
    texts = await private.mine(session, visit.person, visit.base, most + 1, before)
    shown = texts[:most]
    stand = await standings(session, [UUID(own.fields["id"]) for own in shown])
    older = f"/me/contributions?before={shown[-1].fields['id']}" if len(texts) > most else ""
    return [listed(own, known, stand.get(UUID(own.fields["id"]))) for own in shown], older
