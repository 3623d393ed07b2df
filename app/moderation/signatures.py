"""Who signed decisions, in public: a name that goes when its person does."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import record
from app.moderation.models import Decision


async def forget_signatures(session: AsyncSession, person: UUID) -> None:
    """Take the name of somebody who leaves off the decisions they signed. Act, time and role stay.

    Appends `decision.unsigned` to the record of each consultation, so that no page goes on showing the name.
    """
    signed = (Decision.decided_by == person, Decision.decider_name.is_not(None))
    consultations = (await session.scalars(select(Decision.consultation_id).where(*signed).distinct())).all()
    forgotten = update(Decision).where(*signed).values(decider_name=None)
    await session.execute(forgotten.execution_options(synchronize_session="fetch"))
    for consultation in sorted(consultations):
        await record.append(session, consultation, "decision.unsigned", consultation)
