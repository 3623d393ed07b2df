"""API keys as their owner sees them, and what a new one may be called and do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import errors, text
from app.accounts.models import Key
from app.accounts.vocabulary import SCOPES
from app.permissions import Actor, Thing, require

NAME_LIMIT = 80
MOST = 20  # in use by one person


@dataclass(frozen=True, slots=True)
class KeyOnList:
    """A key in its owner's list. The key itself was shown once and is not kept."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created: datetime
    used: datetime | None


async def keys_of(session: AsyncSession | AsyncConnection, actor: Actor, person: UUID) -> tuple[KeyOnList, ...]:
    """A person's keys that are in use, newest first."""
    require(actor, "profile.read", Thing(owner=person))
    query = (
        select(Key.id, Key.name, Key.prefix, Key.scopes, Key.created, Key.used)
        .where(Key.person_id == person, Key.revoked.is_(None))
        .order_by(Key.id.desc())
    )
    return tuple(
        KeyOnList(row.id, row.name, row.prefix, tuple(row.scopes), row.created, row.used)
        for row in await session.execute(query)
    )


async def count_of(session: AsyncSession, person: UUID) -> int:
    """How many keys of a person are in use."""
    query = select(func.count()).select_from(Key).where(Key.person_id == person, Key.revoked.is_(None))
    return int(await session.scalar(query) or 0)


def checked(name: str, scopes: Collection[str]) -> tuple[str, list[str]]:
    """A key's name and scopes as they will be stored. Raises Invalid with a sentence for each field."""
    faults: dict[str, str] = {}
    try:
        name = text.line(name)
    except ValueError as fault:
        faults["name"] = f"This {fault}."
    if not name:
        faults["name"] = "Please give the key a name by which you will know it again."
    elif len(name) > NAME_LIMIT:
        faults["name"] = f"The name has {len(name):,} characters; at most {NAME_LIMIT} fit."
    if not scopes or not set(scopes) <= set(SCOPES):
        faults["scopes"] = f"Please choose what the key may do: one or more of {', '.join(SCOPES)}."
    if faults:
        raise errors.Invalid(faults)
    return name, [scope for scope in SCOPES if scope in scopes]
