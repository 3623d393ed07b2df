"""API keys as their owner sees them, and what a new one may be called and do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import clock, errors, text
from app.accounts.models import Key
from app.accounts.vocabulary import SCOPES
from app.language import gettext as _
from app.language import number
from app.permissions import Actor, Thing, require

NAME_LIMIT = 80
MOST = 20  # in use by one person
LASTS = timedelta(days=365)  # unless it says otherwise
LONGEST = timedelta(days=3 * 365 + 1)


@dataclass(frozen=True, slots=True)
class KeyOnList:
    """A key in its owner's list. The key itself was shown once and is not kept."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created: datetime
    expires: date | None
    used: date | None

    @property
    def expired(self) -> bool:
        """Whether its last day is over."""
        return self.expires is not None and self.expires < today()


def today() -> date:
    """The day by which keys expire: in UTC."""
    return clock.now().date()


def allowed_scopes(actor: Actor) -> tuple[str, ...]:
    """What a key of this person may be allowed: to moderate only where they hold a role somewhere."""
    held = (
        SCOPES
        if actor.operator or any(actor.roles.values()) or any(actor.topics.values())
        else tuple(s for s in SCOPES if s != "moderate")
    )
    return tuple(scope for scope in held if actor.scopes is None or scope in actor.scopes)


async def keys_of(session: AsyncSession | AsyncConnection, actor: Actor, person: UUID) -> tuple[KeyOnList, ...]:
    """A person's keys that were not revoked, newest first; those that have expired among them."""
    require(actor, "profile.read", Thing(owner=person))
    query = (
        select(Key.id, Key.name, Key.prefix, Key.scopes, Key.created, Key.expires, Key.used)
        .where(Key.person_id == person, Key.revoked.is_(None))
        .order_by(Key.id.desc())
    )
    return tuple(
        KeyOnList(row.id, row.name, row.prefix, tuple(row.scopes), row.created, row.expires, row.used)
        for row in await session.execute(query)
    )


async def count_of(session: AsyncSession, person: UUID) -> int:
    """How many keys of a person are in use."""
    in_time = or_(Key.expires.is_(None), Key.expires >= today())
    query = select(func.count()).select_from(Key).where(Key.person_id == person, Key.revoked.is_(None), in_time)
    return int(await session.scalar(query) or 0)


def checked(actor: Actor, name: str, scopes: Collection[str], expires: date | None) -> tuple[str, list[str], date]:
    """A key's name, scopes and last day as they will be stored. Raises Invalid with a sentence for each field."""
    last = expires or today() + LASTS
    faults: dict[str, str] = {}
    try:
        name = text.line(name)
    except ValueError as fault:
        faults["name"] = _("This %(fault)s.", fault=fault)
    if not name:
        faults["name"] = _("Please give the key a name by which you will know it again.")
    elif len(name) > NAME_LIMIT:
        faults["name"] = _(
            "The name has %(count)s characters; at most %(most)s fit.", count=number(len(name)), most=NAME_LIMIT
        )
    if not scopes or not set(scopes) <= set(SCOPES):
        faults["scopes"] = _("Please choose what the key may do: one or more of %(choice)s.", choice=", ".join(SCOPES))
    elif not set(scopes) <= set(allowed_scopes(actor)):
        faults["scopes"] = _(
            "You may allow a key what you may do yourself: %(choice)s.", choice=", ".join(allowed_scopes(actor))
        )
    if not today() <= last <= today() + LONGEST:
        faults["expires"] = _("Please give a day from today to %(value)s.", value=f"{today() + LONGEST:%Y-%m-%d}")
    if faults:
        raise errors.Invalid(faults)
    return name, [scope for scope in SCOPES if scope in scopes], last
