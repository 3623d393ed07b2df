"""Follow something, change how often one wants to hear of it, stop. Each for oneself alone.

The log tells that somebody changed what they follow, and never what: whom somebody listens to is nobody's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.language import gettext as _
from app.notifications.following.models import Subscription
from app.permissions import Actor, Thing, require
from app.readings.followed import Followable, Scope
from app.readings.letters.hearers import newest_number

PACES = ("at_once", "daily", "weekly", "never")
USUAL: Mapping[Scope, str] = {"thread": "at_once", "topic": "daily", "consultation": "weekly"}  # the more, the rarer
WHAT = ("all", "replies_to_me", "notes")
MOST = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """How often somebody wants to hear of something, and of what in it."""

    pace: str
    what: str = "all"


async def follow(session: AsyncSession, actor: Actor, what: Followable) -> None:
    """Follow something at its usual pace, from now on; a second time changes nothing. Raises Conflict."""
    person = _oneself(actor)
    row = {
        "id": clock.new_id(), "person_id": person, "consultation_id": what.consultation, "scope": what.scope,
        "thing_id": what.id, "pace": USUAL[what.scope], "seen": what.newest, "counts_from": what.newest,
        "since": clock.now(),
    }  # fmt: skip
    made = upsert(Subscription).values(row).on_conflict_do_nothing().returning(Subscription.id)
    if await session.scalar(made) is None:
        return
    mine = select(func.count()).select_from(Subscription).where(Subscription.person_id == person)
    if int(await session.scalar(mine) or 0) > MOST:
        raise errors.Conflict(
            _("You follow %(most)s things, which is the most: please stop following one first.", most=MOST)
        )
    await record.append(session, None, "subscription.changed", person, person=person)


async def set_paces(session: AsyncSession, actor: Actor, paces: Mapping[UUID, Chosen]) -> None:
    """How often one wants to hear, and of what, by what is followed; what one does not follow is passed over.

    What is there already counts as told. Raises Invalid.
    """
    person = _oneself(actor)
    if any(chosen.pace not in PACES or chosen.what not in WHAT for chosen in paces.values()):
        raise errors.Invalid({"pace": _("Please choose how often you want to hear.")})
    changed: list[UUID] = []
    for thing, chosen in paces.items():
        differs = (Subscription.pace != chosen.pace) | (Subscription.what != chosen.what)
        now = {"pace": chosen.pace, "what": chosen.what, "counts_from": newest_number(Subscription.consultation_id)}
        mine = update(Subscription).where(_of(person, thing), differs).values(now)
        changed += await session.scalars(mine.returning(Subscription.id).execution_options(synchronize_session=False))
    if changed:
        await record.append(session, None, "subscription.changed", person, person=person)


async def silence(session: AsyncSession, actor: Actor, consultation: UUID, thread: UUID) -> None:
    """Hear nothing more of a thread, whether one follows it or not."""
    person = _oneself(actor)
    row = {
        "id": clock.new_id(), "person_id": person, "consultation_id": consultation, "scope": "thread",
        "thing_id": thread, "pace": "never", "since": clock.now(),
    }  # fmt: skip
    newest = newest_number(consultation)
    made = upsert(Subscription).values(row | {"seen": newest, "counts_from": newest}).on_conflict_do_nothing()
    if await session.scalar(made.returning(Subscription.id)) is None:
        await set_paces(session, actor, {thread: Chosen("never")})
    else:
        await record.append(session, None, "subscription.changed", person, person=person)


async def stop(session: AsyncSession, actor: Actor, thing: UUID) -> None:
    """Follow something no longer; where one did not, nothing changes."""
    person = _oneself(actor)
    gone = delete(Subscription).where(_of(person, thing)).returning(Subscription.id)
    if await session.scalar(gone) is not None:
        await record.append(session, None, "subscription.changed", person, person=person)


async def mark_seen(session: AsyncSession, actor: Actor, newest: Mapping[UUID, int]) -> None:
    """One has seen all there is: by consultation, its newest number. It concerns nobody else and leaves no entry."""
    person = _oneself(actor)
    for consultation, number in newest.items():
        which = (Subscription.person_id == person) & (Subscription.consultation_id == consultation)
        mine = update(Subscription).where(which, Subscription.seen < number).values(seen=number)
        await session.execute(mine.execution_options(synchronize_session=False))


def _oneself(actor: Actor) -> UUID:
    require(actor, "subscription.change", Thing(owner=actor.person))
    assert actor.person is not None  # owners are people
    return actor.person


def _of(person: UUID, thing: UUID) -> ColumnElement[bool]:
    return (Subscription.person_id == person) & (Subscription.thing_id == thing)
