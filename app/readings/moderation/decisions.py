"""A decision as the moderators who made it read it again. Needs a write session."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.accounts.models import Person
from app.contributions.models import Contribution
from app.language import gettext as _
from app.moderation.models import Decision
from app.permissions import Actor, Thing, require


async def decision(session: AsyncSession, actor: Actor, id: UUID) -> dict[str, Any]:
    """A decision and its contribution's present state, as the API gives it to who made it. Raises NotFound, Forbidden.

    A name that was looked up is in `revealed`, for who looked it up alone. A request with an Idempotency-Key may come
    again when its sender moderates there no longer, or by a key that may do less: then nothing is told.
    """
    row = (
        await session.execute(
            select(
                Decision.id, Decision.act, Decision.contribution_id, Decision.revision_id, Decision.number,
                Decision.rule, Decision.reason, Decision.note, Decision.decided, Decision.seq, Contribution.status,
                Decision.consultation_id, Person.name,
            )
            .join(Contribution, Contribution.id == Decision.contribution_id)
            .outerjoin(
                Person,
                (Person.id == Decision.person_id) & (Decision.act == "reveal") & (Decision.decided_by == actor.person),
            )
            .where(Decision.id == id)
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        raise errors.NotFound(_("There is no such decision."))
    require(actor, "queue.read", Thing(row.consultation_id))
    return {
        "id": str(row.id), "act": row.act, "contribution": str(row.contribution_id),
        "revision": str(row.revision_id) if row.revision_id else None, "number": row.number, "rule": row.rule,
        "reason": row.reason, "note": row.note, "decided": clock.iso(row.decided), "seq": row.seq, "status": row.status,
        **({"revealed": row.name} if row.act == "reveal" else {}),
    }  # fmt: skip
