"""Whether a text could be posted now: for whoever asks its sender something first, and would rather not for nothing."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions.submissions import Submission, checked
from app.contributions.writing import place_of
from app.permissions import Actor, Thing, require


async def rehearse(session: AsyncSession, actor: Actor | None, consultation: UUID, given: Submission) -> Submission:
    """The checked text. Changes nothing; the actor is None while nobody knows who will post it.

    Raises what `actions.post` would: Forbidden, Closed, Invalid, Conflict.
    """
    if actor is not None:
        require(actor, "contribution.post", Thing(consultation))
    _parent, floor = await place_of(session, consultation, given)
    floor.require_open()
    return checked(given, floor.questions)
