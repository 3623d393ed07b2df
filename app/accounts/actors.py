"""Who asks: the actor behind a session cookie or an API key, in one query."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, LargeBinary, Select, Uuid, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import TIMESTAMP

from app import clock
from app.accounts import sessions, tokens
from app.accounts.models import Key, Membership, Person, PrivateConsultation, Session
from app.database.prepared import Asked, Prepared, Row
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


async def visitor_of_session(session: Asked, token: str | None) -> Visitor:
    """Whose session cookie this is; STRANGER where it is nobody's, or over. Prolongs it once an hour."""
    if not token:
        return STRANGER
    now = clock.now()
    row = await _BY_SESSION.row(session, hash=tokens.hash_of(token), now=now)
    if row is None:
        return STRANGER
    if row["seen"] < now - _TOUCHED_EVERY:
        await _TOUCH_SESSION.rows(session, touched=row["id"], now=now, then=now + sessions.LASTS)
    return Visitor(_actor(row, session=row["id"]), row["name"], row["language"], row["time_zone"])


async def actor_of_session(session: Asked, token: str | None) -> Actor:
    """As `visitor_of_session`, the actor alone; ANYONE for a stranger."""
    return (await visitor_of_session(session, token)).actor


async def actor_of_key(session: Asked, secret: str) -> Actor | None:
    """Who acts with this API key, limited to its scopes; None where no such key is in use (any more)."""
    now = clock.now()
    today = now.date()
    row = await _BY_KEY.row(session, hash=tokens.hash_of(secret), now=now, today=today)
    if row is None:
        return None
    if row["used"] != today:
        await _TOUCH_KEY.rows(session, touched=row["id"], today=today)
    return _actor(row, scopes=frozenset(row["scopes"]), key=row["id"])


async def actor_of_person(session: Asked, person: UUID) -> Actor:
    """The person as an actor without session or scopes: for work done on their behalf. ANYONE once erased."""
    row = await _BY_PERSON.row(session, person=person, now=clock.now())
    return _actor(row) if row is not None else ANYONE


_NOW = bindparam("now", type_=TIMESTAMP(timezone=True))
_TODAY = bindparam("today", type_=Date())


def _person(*columns: Any) -> Select[Any]:
    """A query of these columns with all that makes a person an actor; the caller joins it to one person.

    The current memberships come in one JSON value, None where there are none: consultation, role, and topic or null.
    """
    current = Membership.ended.is_(None) & or_(Membership.until.is_(None), Membership.until > _NOW)
    each = func.jsonb_build_array(Membership.consultation_id, Membership.role, Membership.topic_id)
    memberships = select(func.jsonb_agg(each)).where(Membership.person_id == Person.id, current).correlate(Person)
    private = select(func.array_agg(PrivateConsultation.consultation_id))
    return (
        select(
            *columns,
            Person.id.label("person_id"),
            Person.name,
            Person.consented,
            Person.language,
            Person.time_zone,
            memberships.scalar_subquery().label("memberships"),
            private.scalar_subquery().label("private"),
        )
        .select_from(Person)
        .where(Person.erased.is_(None))
    )


# Made once: building them costs more than running them.
_BY_SESSION = Prepared(
    _person(Session.id, Session.seen)
    .join(Session, Session.person_id == Person.id)
    .where(
        Session.token_hash == bindparam("hash", type_=LargeBinary()),
        Session.expires > _NOW,
    )
)
_BY_KEY = Prepared(
    _person(Key.id, Key.used, Key.scopes)
    .join(Key, Key.person_id == Person.id)
    .where(Key.key_hash == bindparam("hash", type_=LargeBinary()), Key.revoked.is_(None))
    .where(or_(Key.expires.is_(None), Key.expires >= _TODAY))
)
_BY_PERSON = Prepared(_person().where(Person.id == bindparam("person", type_=Uuid())))
_TOUCH_SESSION = Prepared(
    update(Session)
    .where(Session.id == bindparam("touched", type_=Uuid()))
    .values(seen=_NOW, expires=bindparam("then", type_=TIMESTAMP(timezone=True)))
)
_TOUCH_KEY = Prepared(update(Key).where(Key.id == bindparam("touched", type_=Uuid())).values(used=_TODAY))


def _actor(
    row: Row, session: UUID | None = None, scopes: frozenset[str] | None = None, key: UUID | None = None
) -> Actor:
    roles: dict[UUID, frozenset[str]] = {}
    topics: dict[UUID, dict[UUID, frozenset[str]]] = {}
    suspended: set[UUID] = set()
    for consultation, role, topic in row["memberships"] or ():
        where = UUID(consultation)
        if role == "suspended":
            suspended.add(where)
        elif topic is not None:
            here, which = topics.setdefault(where, {}), UUID(topic)
            here[which] = here.get(which, frozenset()) | {role}
        else:
            roles[where] = roles.get(where, frozenset()) | {role}
    private, member_of = frozenset(row["private"] or ()), roles.keys() | topics.keys()
    return Actor(
        person=row["person_id"],
        complete=row["name"] is not None and row["consented"] is not None,
        roles=roles,
        topics=topics,
        suspended=frozenset(suspended),
        admitted=private & member_of,
        shut_out=private - member_of,
        scopes=scopes,
        session=session,
        key=key,
    )
