"""Signed-in browsers: begin, list, end. The cookie holds a random token, the table its hash."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import clock, errors, record
from app.accounts import tokens
from app.accounts.models import Session
from app.language import gettext as _
from app.permissions import Actor, Thing, require

LASTS = timedelta(days=90)  # from the last time it was used

# The first that occurs in a User-Agent names the browser or the system; most browsers pretend to be several others.
_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
             "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari"}  # fmt: skip
_SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac",
            "CrOS": "ChromeOS", "Linux": "Linux"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignedInBrowser:
    """A session as its owner sees it in the list."""

    id: UUID
    device: str
    created: datetime
    seen: datetime
    expires: datetime
    current: bool


def device_of(user_agent: str | None) -> str:
    """A User-Agent in words that its owner knows again, such as `Firefox on Android`."""
    agent = (user_agent or "")[:1000]
    browser = next((name for mark, name in _BROWSERS.items() if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in agent), "")
    return " on ".join(name for name in (browser or "A browser", system) if name)


async def start_session(session: AsyncSession, person: UUID, device: str) -> tuple[UUID, str]:
    """Sign a browser in, and return the session's id and the token for its cookie. Only sign-in may call this."""
    token = tokens.fresh_token()
    now = clock.now()
    row = Session(
        id=clock.new_id(), person_id=person, token_hash=tokens.hash_of(token), device=device[:100],
        created=now, seen=now, expires=now + LASTS,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    await record.append(session, None, "session.started", row.id, person=person)
    return row.id, token


async def end_session(session: AsyncSession, actor: Actor, session_id: UUID) -> None:
    """Sign a browser out. One that is signed out already stays so. Raises NotFound for somebody else's session."""
    owner = await session.scalar(select(Session.person_id).where(Session.id == session_id))
    if owner is None and session_id == actor.session:
        return
    if owner is None or owner != actor.person:
        raise errors.NotFound(_("There is no such session."))
    require(actor, "session.end", Thing(owner=owner))
    await _end(session, owner, session_id)


async def end_all_other_sessions(session: AsyncSession, actor: Actor) -> int:
    """Sign out every browser but this one, and return how many there were."""
    require(actor, "session.end", Thing(owner=actor.person))
    others = select(Session.id).where(Session.person_id == actor.person, Session.id.is_distinct_from(actor.session))
    found = (await session.scalars(others)).all()
    assert actor.person is not None  # required
    for session_id in found:
        await _end(session, actor.person, session_id)
    return len(found)


async def sessions_of(
    session: AsyncSession | AsyncConnection, actor: Actor, person: UUID
) -> tuple[SignedInBrowser, ...]:
    """The browsers in which a person is signed in now, the one used last first."""
    require(actor, "profile.read", Thing(owner=person))
    query = (
        select(Session.id, Session.device, Session.created, Session.seen, Session.expires)
        .where(Session.person_id == person, Session.expires > clock.now())
        .order_by(Session.seen.desc(), Session.id)
    )
    return tuple(SignedInBrowser(*row, current=row.id == actor.session) for row in await session.execute(query))


async def _end(session: AsyncSession, owner: UUID, session_id: UUID) -> None:
    if await session.scalar(delete(Session).where(Session.id == session_id).returning(Session.id)):
        await record.append(session, None, "session.ended", session_id, person=owner)
