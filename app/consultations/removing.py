"""Remove a consultation. Only the sample can be: what people wrote in earnest stays, and so does its record.

What depends on it goes first, each package deleting its own: `app/cli/sample.py` has the order.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import errors, record
from app.consultations.models import Consultation
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.record.removing import remove_logs


async def remove(session: AsyncSession, actor: Actor, consultation_id: UUID) -> None:
    """Delete a sample consultation with its logs. Raises Forbidden, NotFound, and Conflict where it is no sample."""
    require(actor, "consultation.remove", Thing(consultation_id))
    consultation = await session.get(Consultation, consultation_id, with_for_update=True)
    if consultation is None:
        raise errors.NotFound(_("There is no such consultation."))
    if not consultation.sample:
        raise errors.Conflict(_("Only sample data can be removed; this is a real consultation."))
    await session.delete(consultation)
    await session.flush()
    await remove_logs(session, consultation_id)
    await record.append(session, None, "consultation.removed", consultation_id, consultation=consultation_id)
