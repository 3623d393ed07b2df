"""Positions on recommendations: agree, disagree or pass, for as long as these are open for comment.

Who took which is nobody's to read: the staff log says that somebody did, the public gets sums (`refreshing.py`).
"""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.consultations import asking, schedule
from app.consultations.floor import floor_of
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.synthesis.models import Recommendation
from app.synthesis.position_models import Position

VALUES = {"agree": 1, "disagree": -1, "pass": 0}
WORDS = {value: word for word, value in VALUES.items()}
_LARGEST = 2**31


async def take(session: AsyncSession, actor: Actor, consultation: UUID, number: int, value: str) -> None:
    """Agree with a recommendation, disagree or pass; what one thought before is forgotten. The same again changes
    nothing.

    Raises Unauthenticated, Forbidden, NotFound, Invalid, Closed where it is not open for comment.
    """
    require(actor, "position.take", Thing(consultation))
    found = await _to_think_of(session, consultation, number)
    if value not in VALUES:
        raise errors.Invalid({"value": _("This is one of %(choice)s.", choice=", ".join(VALUES))})
    now, said = clock.now(), {"value": VALUES[value], "version": found.version}
    row = {"id": clock.new_id(), "recommendation_id": found.id, "person_id": actor.person, "taken": now, "changed": now}
    taken = upsert(Position).values(row | said)
    taken = taken.on_conflict_do_update(
        index_elements=[Position.recommendation_id, Position.person_id], set_={**said, "changed": now},
        where=(Position.value != said["value"]) | (Position.version != said["version"]),
    )  # fmt: skip
    if await session.scalar(taken.returning(Position.id)):
        await _note(session, actor, found, "position.taken")


async def take_back(session: AsyncSession, actor: Actor, consultation: UUID, number: int) -> None:
    """Have no position any more; where one had none, nothing changes. Raises as `take` does."""
    require(actor, "position.take", Thing(consultation))
    found = await _to_think_of(session, consultation, number)
    own = delete(Position).where(Position.recommendation_id == found.id, Position.person_id == actor.person)
    if await session.scalar(own.returning(Position.id).execution_options(synchronize_session=False)):
        await _note(session, actor, found, "position.taken_back")


async def _to_think_of(session: AsyncSession, consultation: UUID, number: int) -> Recommendation:
    """The recommendation, which stays open for comment until the transaction ends."""
    here = Recommendation.consultation_id == consultation
    query = select(Recommendation).where(here, Recommendation.number == number).with_for_update(read=True)
    asked = 0 < number < _LARGEST and await asking.asks_for_positions(session, consultation)
    found = await session.scalar(query) if asked else None
    if found is None:
        raise errors.NotFound(_("There is no such recommendation."))
    if found.stage != "open":
        raise errors.Closed(
            _("Recommendation %(n)s is not open for comment: positions on it stay as they are.", n=number), since=None
        )
    floor = await floor_of(session, topic=found.topic_id)
    if floor.announced is None or schedule.phase_at(floor.phases, clock.now()) != "open":
        raise errors.Closed(_("This consultation takes no positions now: those that were taken stay."), since=None)
    return found


async def _note(session: AsyncSession, actor: Actor, recommendation: Recommendation, kind: str) -> None:
    await record.append(
        session, recommendation.consultation_id, kind, recommendation.id,
        recommendation=recommendation.id, person=actor.person,
    )  # fmt: skip
