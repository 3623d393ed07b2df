"""Links with which a mail's reader hears no more of what it is about, without signing in; and the way back.

A link holds whom it went to and what it stops, sealed under the server's key. It can do nothing else, and stays good.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.tokens import sealed
from app.notifications.following import actions
from app.notifications.following.actions import Chosen
from app.notifications.following.models import Subscription
from app.notifications.preferences import CHOICES, Preferences, choose, preferences_of
from app.permissions import Actor
from app.readings.letters.hearers import place_of_thread
from app.readings.letters.news_letters import reader_of

FOLLOWED = ("thread", "topic", "consultation")
WHAT = (*FOLLOWED, *CHOICES)
_NOTHING = UUID(int=0)
_SEAL, _SHORT, _WHOLE = 16, 17, 33  # bytes


@dataclass(frozen=True, slots=True)
class Stop:
    """What a link stops for whom: mail about a thread, topic or consultation (`thing`), or one of the choices."""

    person: UUID
    what: str
    thing: UUID = _NOTHING


def token(stop: Stop) -> str:
    """The secret part of the link."""
    held = packed(stop) if stop.what in FOLLOWED else packed(stop)[:_SHORT]
    return base64.urlsafe_b64encode(held + _seal(held)).decode().rstrip("=")


def read(given: str) -> Stop | None:
    """What a link stops; None where it is none of ours."""
    if not given.isascii() or len(given) > 100:
        return None
    try:
        raw = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
    except (binascii.Error, ValueError):
        return None
    held, seal = raw[:-_SEAL], raw[-_SEAL:]
    if len(held) not in (_SHORT, _WHOLE) or not hmac.compare_digest(seal, _seal(held)):
        return None
    return unpacked(held)


def packed(stop: Stop) -> bytes:
    """What a link or an address holds of it, before it is sealed."""
    return bytes([WHAT.index(stop.what)]) + stop.person.bytes + stop.thing.bytes


def unpacked(held: bytes) -> Stop | None:
    """What was packed; None where no such mail is sent any more."""
    if held[0] >= len(WHAT):
        return None
    return Stop(UUID(bytes=held[1:_SHORT]), WHAT[held[0]], UUID(bytes=held[_SHORT:].ljust(16, b"\0")))


async def pace_now(session: AsyncSession, stop: Stop) -> str:
    """How often mail goes out that the link would stop; `never` where it is stopped, or not followed any more."""
    if await reader_of(session, stop.person) is None:
        return "never"
    if stop.what not in FOLLOWED:
        pace: str = getattr(await preferences_of(session, stop.person), stop.what)
        return pace
    query = select(Subscription.pace).where(
        Subscription.person_id == stop.person, Subscription.thing_id == stop.thing, Subscription.scope == stop.what
    )
    found = await session.scalar(query)
    return found if found is not None else _UNFOLLOWED[stop.what]


async def set_pace(session: AsyncSession, stop: Stop, pace: str) -> None:
    """Stop it (`never`), or let it go on as before. Appends `subscription.changed`. Raises Invalid."""
    if await reader_of(session, stop.person) is None:  # who has left gets no mail, and nothing is kept of them
        return
    actor = Actor(person=stop.person, complete=True)  # the link is as good as being signed in, for this alone
    if stop.what not in FOLLOWED:
        chosen = await preferences_of(session, stop.person)
        await choose(session, actor, replace(chosen, **{stop.what: pace}))  # type: ignore[arg-type]
    elif stop.what == "thread" and pace == "never":
        consultation = await place_of_thread(session, stop.thing)
        if consultation is not None:
            await actions.silence(session, actor, consultation, stop.thing)
    else:
        what = select(Subscription.what).where(
            Subscription.person_id == stop.person, Subscription.thing_id == stop.thing
        )
        await actions.set_paces(session, actor, {stop.thing: Chosen(pace, await session.scalar(what) or "all")})


def paces(stop: Stop) -> tuple[str, ...]:
    """Those at which it can go out."""
    all_of_them = actions.PACES if stop.what in FOLLOWED else CHOICES[stop.what]
    return tuple(pace for pace in all_of_them if pace != "never")


def usual(stop: Stop) -> str:
    """The pace that is offered to who wants it again, where it is not known what it was."""
    return actions.USUAL[stop.what] if stop.what in FOLLOWED else getattr(Preferences(), stop.what)  # type: ignore[index]


# Mail about a thread goes out to who wrote in it, without following it.
_UNFOLLOWED = {"thread": "at_once", "topic": "never", "consultation": "never"}


def _seal(held: bytes) -> bytes:
    return sealed("stop link", held)[:_SEAL]
