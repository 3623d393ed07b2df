"""Comments on what is open for comment: contributions like all others, which name what they are on."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.consultations.floor import floor_of
from app.contributions import actions
from app.contributions.submissions import Submission
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.synthesis.models import Recommendation

if TYPE_CHECKING:
    from app.contributions.models import Contribution

_LARGEST = 2**31


async def comment(
    session: AsyncSession, actor: Actor, consultation: UUID, number: int, given: Submission, **how: Any
) -> "Contribution":
    """Say something of a recommendation that is open for comment, whether its topic takes contributions or not.

    `how` is as for `contributions.actions.post`. Raises Unauthenticated, Forbidden, Closed, Invalid, Conflict.
    """
    require(actor, "contribution.post", Thing(consultation))
    here = Recommendation.consultation_id == consultation
    query = select(Recommendation).where(here, Recommendation.number == number).with_for_update(read=True)
    found = await session.scalar(query) if 0 < number < _LARGEST else None
    if found is None:
        raise errors.Invalid({"recommendation": _("There is no such recommendation.")})
    if found.stage != "open":
        raise errors.Closed(_("Recommendation %(n)s is not open for comment.", n=number), since=None)
    if given.parent is not None:
        raise errors.Invalid({"recommendation": _("A reply belongs to what it replies to; leave this out.")})
    floor = await floor_of(session, topic=found.topic_id)
    if given.topic not in (None, floor.topic_slug):
        raise errors.Invalid({"topic": _("The recommendation is in the topic %(topic)s.", topic=floor.topic_slug)})
    said = replace(given, topic=floor.topic_slug)
    return await actions.post(session, actor, consultation, said, recommendation=number, **how)
