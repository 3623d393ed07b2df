"""Who asks: the actor behind a session cookie or an API key, in one query."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import clock
from app.accounts import sessions, tokens
from app.accounts.models import Key, Membership, Person, Session
from app.permissions import ANYONE, Actor

_TOUCHED_EVERY = timedelta(hours=1)  # writing down each visit would cost a write for each page


@dataclass(frozen=True, slots=True)
class Visitor:
    """An actor, and what a page needs to greet them."""

    actor: Actor = ANYONE
    name: str | None = None
    language: str = "en"
    time_zone: str = "UTC"


STRANGER = Visitor()


async def visitor_of_session(session: AsyncSession | AsyncConnection, token: str | None) -> Visitor:
    """Whose session cookie this is; STRANGER where it is nobody's, or over. Prolongs it once an hour."""
    if not token:
        return STRANGER
    now = clock.now()
    row = (await session.execute(_BY_SESSION, {"hash": tokens.hash_of(token), "now": now})).one_or_none()
    if row is None:
        return STRANGER
    if row.seen < now - _TOUCHED_EVERY:
        touched = update(Session).where(Session.id == row.id).values(seen=now, expires=now + sessions.LASTS)
        await session.execute(touched)
    return Visitor(_actor(row, session=row.id), row.name, row.language, row.time_zone)


async def actor_of_session(session: AsyncSession | AsyncConnection, token: str | None) -> Actor:
    """As `visitor_of_session`, the actor alone; ANYONE for a stranger."""
    return (await visitor_of_session(session, token)).actor


async def actor_of_key(session: AsyncSession | AsyncConnection, secret: str) -> Actor | None:
    """Who acts with this API key, limited to its scopes; None where there is no such key, or it was revoked."""
    now = clock.now()
    row = (await session.execute(_BY_KEY, {"hash": tokens.hash_of(secret), "now": now})).one_or_none()
    if row is None:
        return None
    if row.used is None or row.used < now - _TOUCHED_EVERY:
        await session.execute(update(Key).where(Key.id == row.id).values(used=now))
    return _actor(row, scopes=frozenset(row.scopes))


async def actor_of_person(session: AsyncSession | AsyncConnection, person: UUID) -> Actor:
    """The person as an actor without session or scopes: for work done on their behalf. ANYONE once erased."""
    row = (await session.execute(_BY_PERSON, {"person": person, "now": clock.now()})).one_or_none()
    return _actor(row) if row is not None else ANYONE


def _person(*columns: Any) -> Select[Any]:
    """A query of these columns with all that makes a person an actor; the caller joins it to one person.

    The current memberships come as pairs of consultation and role in one JSON value, None where there are none.
    """
    current = Membership.ended.is_(None) & or_(Membership.until.is_(None), Membership.until > bindparam("now"))
    pair = func.jsonb_build_array(Membership.consultation_id, Membership.role)
    memberships = select(func.jsonb_agg(pair)).where(Membership.person_id == Person.id, current).correlate(Person)
    return (
        select(
            *columns,
            Person.id.label("person_id"),
            Person.name,
            Person.consented,
            Person.language,
            Person.time_zone,
            memberships.scalar_subquery().label("memberships"),
        )
        .select_from(Person)
        .where(Person.erased.is_(None))
    )


# Made once: building them costs more than running them.
_BY_SESSION = (
    _person(Session.id, Session.seen)
    .join(Session, Session.person_id == Person.id)
    .where(Session.token_hash == bindparam("hash"), Session.expires > bindparam("now"))
)
_BY_KEY = (
    _person(Key.id, Key.used, Key.scopes)
    .join(Key, Key.person_id == Person.id)
    .where(Key.key_hash == bindparam("hash"), Key.revoked.is_(None))
)
_BY_PERSON = _person().where(Person.id == bindparam("person"))


def _actor(row: Row[Any], session: UUID | None = None, scopes: frozenset[str] | None = None) -> Actor:
    roles: dict[UUID, frozenset[str]] = {}
    suspended: set[UUID] = set()
    for consultation, role in row.memberships or []:
        where = UUID(consultation)
        if role == "suspended":
            suspended.add(where)
        else:
            roles[where] = roles.get(where, frozenset()) | {role}
    return Actor(
        person=row.person_id,
        complete=row.name is not None and row.consented is not None,
        roles=roles,
        suspended=frozenset(suspended),
        scopes=scopes,
        session=session,
    )
