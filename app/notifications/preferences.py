"""What somebody wants to be mailed about besides what they follow, and at which hour. Each for oneself alone."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.language import gettext as _
from app.notifications.models import Digest, DigestMark, FailingAddress, NotificationSettings
from app.permissions import Actor, Thing, require
from app.readings.letters.hearers import consultations_of

CHOICES: Mapping[str, tuple[str, ...]] = {
    "digest": ("daily", "never"),
    "replies": ("at_once", "daily", "weekly", "never"),
    "dates": ("at_once", "never"),
    "outcome": ("at_once", "never"),
    "waiting": ("at_once", "daily", "never"),
}


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices of one person; these are everybody's until they choose."""

    hour: int = 8
    digest: str = "daily"
    replies: str = "at_once"
    dates: str = "at_once"
    outcome: str = "at_once"
    waiting: str = "daily"


async def preferences_of(session: AsyncSession, person: UUID) -> Preferences:
    """What somebody has chosen."""
    query = select(*(getattr(NotificationSettings, field.name) for field in fields(Preferences)))
    row = (await session.execute(query.where(NotificationSettings.person_id == person))).one_or_none()
    return Preferences(*row) if row is not None else Preferences()


async def choose(session: AsyncSession, actor: Actor, chosen: Preferences) -> None:
    """Keep one's choices. Appends `subscription.changed`. Raises Unauthenticated, Invalid."""
    require(actor, "subscription.change", Thing(owner=actor.person))
    assert actor.person is not None  # owners are people
    _check(chosen)
    before = await preferences_of(session, actor.person)
    if before == chosen:
        return
    columns = asdict(chosen) | {"changed": clock.now()}
    row = upsert(NotificationSettings).values(person_id=actor.person, **columns)
    await session.execute(row.on_conflict_do_update(index_elements=[NotificationSettings.person_id], set_=columns))
    if before.replies not in (chosen.replies, "daily", "weekly"):
        await _begin_here(session, actor.person)
    await record.append(session, None, "subscription.changed", actor.person, person=actor.person)


async def held_about(session: AsyncSession, person: UUID) -> dict[str, Any]:
    """The same, and what else is kept so that nobody is mailed twice or in vain, as JSON-able values."""
    marks = await session.execute(
        select(DigestMark.consultation_id, DigestMark.pace, DigestMark.number)
        .where(DigestMark.person_id == person)
        .order_by(DigestMark.consultation_id, DigestMark.pace)
    )
    digest = await session.get(Digest, person)
    failing = await session.get(FailingAddress, person)
    return {
        **asdict(await preferences_of(session, person)),
        "last_digest": digest and digest.day.isoformat(),
        "told_up_to": [
            {"consultation": str(row.consultation_id), "pace": row.pace, "number": row.number} for row in marks
        ],
        "address": failing and {
            "failures": failing.failures, "last": failing.last.isoformat(), "off": clock.iso(failing.off),
            "why": failing.why,
        },
    }  # fmt: skip


def _check(chosen: Preferences) -> None:
    wrong = {name for name, choices in CHOICES.items() if getattr(chosen, name) not in choices}
    faults = {name: _("Please choose how often you want to hear.") for name in wrong}
    if not 0 <= chosen.hour <= 23:
        faults["hour"] = _("Please choose an hour of the day.")
    if faults:
        raise errors.Invalid(faults)


async def _begin_here(session: AsyncSession, person: UUID) -> None:
    """What was answered to somebody up to now is no news for a digest."""
    mine = consultations_of(person).subquery("mine")
    each = union_all(
        *(
            select(literal(person, Uuid()), mine.c.consultation, literal(pace), mine.c.number)
            for pace in ("daily", "weekly")
        )
    ).subquery("each")
    rows = select(each)
    made = upsert(DigestMark).from_select(["person_id", "consultation_id", "pace", "number"], rows)
    await session.execute(
        made.on_conflict_do_update(
            index_elements=[DigestMark.person_id, DigestMark.consultation_id, DigestMark.pace],
            set_={"number": func.greatest(DigestMark.number, made.excluded.number)},
        )
    )
