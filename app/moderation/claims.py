"""Who has an item of the queue in hand: so that two moderators do not read the same text at once.

A claim marks and does not lock: of two decisions on one item the first holds, whoever made it. It lapses by itself, and
ends with the decision (deciding.py).
"""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.accounts.people import name_of
from app.consultations.floor import floor_of
from app.contributions.states import in_words
from app.language import gettext as _
from app.moderation.deciding import to_decide
from app.moderation.models import Claim
from app.permissions import Actor, Thing, require

if TYPE_CHECKING:
    from app.contributions.models import Contribution

LASTS = timedelta(minutes=15)
_GONE = ("withdrawn", "merged", "erased")


async def claim(session: AsyncSession, actor: Actor, id: UUID) -> Claim:
    """Take an item in hand, or keep it for longer. Raises Conflict while another has it, or where it is gone."""
    contribution, _author = await to_decide(session, actor, id, "contribution.claim")
    if contribution.status in _GONE:
        raise errors.Conflict(
            _("This contribution is %(status)s; there is nothing to decide.", status=in_words(contribution.status))
        )
    assert actor.person is not None  # moderators are people
    held = await session.get(Claim, id)
    if held is None:
        held = Claim(contribution_id=id, consultation_id=contribution.consultation_id, person_id=actor.person)
        session.add(held)
    elif _is_anothers(held, actor):
        raise errors.Conflict(await _in_hand(session, contribution, held))
    held.person_id, held.until = actor.person, clock.now() + LASTS
    await session.flush()
    await record.append(
        session, contribution.consultation_id, "text.claimed", id, contribution=id, person=actor.person
    )  # fmt: skip
    return held


async def still_held(session: AsyncSession, actor: Actor, id: UUID) -> Claim:
    """What this person has in hand. Raises Conflict where they have it no longer."""
    found = await session.get(Claim, id)
    if found is None or found.person_id != actor.person or found.until <= clock.now():
        raise errors.Conflict(_("You had this in hand, and have it no longer."))
    return found


async def release(session: AsyncSession, actor: Actor, id: UUID) -> None:
    """Give an item back; an organiser can give back anybody's. Raises Conflict where nobody has it any more."""
    contribution, _author = await to_decide(session, actor, id, "contribution.claim")
    held = await session.get(Claim, id)
    if held is None:
        raise errors.Conflict(_("Nobody has this in hand, so there is nothing to give back."))
    if held.until <= clock.now():
        lapsed = await _time(session, contribution, held)
        raise errors.Conflict(
            _("This was in hand until %(lapsed)s; it is free again, and there is nothing to give back.", lapsed=lapsed)
        )
    thing = Thing(contribution.consultation_id, held.person_id, topic=contribution.topic_id)
    require(actor, "claim.release", thing)
    await session.delete(held)
    await session.flush()
    await record.append(
        session, contribution.consultation_id, "text.released", id, contribution=id, person=actor.person
    )  # fmt: skip


async def require_not_taken(session: AsyncSession, actor: Actor, id: UUID) -> None:
    """For who decides on what they had in hand: raises Conflict where the claim lapsed and somebody else took it."""
    contribution, _author = await to_decide(session, actor, id, "contribution.claim")
    held = await session.get(Claim, id)
    if held is not None and _is_anothers(held, actor):
        raise errors.Conflict(
            _(
                "Your claim lapsed meanwhile. %(value)s Nothing was decided.",
                value=await _in_hand(session, contribution, held),
            )
        )


def _is_anothers(held: Claim, actor: Actor) -> bool:
    return held.until > clock.now() and held.person_id != actor.person


async def _in_hand(session: AsyncSession, contribution: "Contribution", held: Claim) -> str:
    name = await name_of(session, held.person_id) or _("Another moderator")
    return _("%(name)s has this in hand until %(value)s.", name=name, value=await _time(session, contribution, held))


async def _time(session: AsyncSession, contribution: "Contribution", held: Claim) -> str:
    zone = (await floor_of(session, topic=contribution.topic_id)).time_zone
    return f"{held.until.astimezone(ZoneInfo(zone)):%H:%M} ({zone})"
