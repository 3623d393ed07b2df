"""Signing in by mail: ask, then a code or a link. No passwords, and nobody can tell who has an account.

A wrong code is an answer, not an error: it is returned, so that the surface's transaction commits and the try counts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import clock, record
from app.accounts import tokens
from app.accounts.models import Challenge, Person
from app.accounts.people import email_address, find_or_register, interface_language
from app.accounts.sessions import start_session

LASTS = timedelta(minutes=10)
TRIES = 5
_ONWARD_LIMIT = 2_000

# good: press the button. other_browser: enter the mailed code as well. unknown: no such link, or not its token.
LinkState = Literal["good", "other_browser", "expired", "used", "unknown"]
Why = Literal["wrong", "too_many_tries", "other_browser", "expired", "used", "unknown"]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that succeeded: `token` goes into the session cookie, `onward` is a path of ours."""

    person: UUID
    session: UUID
    token: str
    onward: str
    new: bool  # the person was registered just now
    complete: bool  # has a name and consented; otherwise the profile page comes first


@dataclass(frozen=True, slots=True)
class NotSignedIn:
    """A sign-in that did not succeed, and why. `tries_left` counts further codes for this challenge."""

    why: Why
    tries_left: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """What opening a link would do. Address and onward path are told to its holder only."""

    state: LinkState
    email: str | None = None
    onward: str = "/"


@dataclass(frozen=True, slots=True)
class SignInLetter:
    """What the mail for a challenge needs."""

    email: str
    language: str
    code: str
    path: str
    created: datetime
    expires: datetime


def link_path(challenge: UUID) -> str:
    """The path of a challenge's link. GET shows a page with a button; only POST uses the link up."""
    return f"/sign-in/{challenge}/{tokens.link_token_of(challenge)}"


async def ask_sign_in(
    session: AsyncSession, email: str, browser_token: str, onward: str = "/", language: str | None = None
) -> Challenge:
    """Ask for a mail with a code and a link; the worker sends it. Good in the browser that holds `browser_token`.

    It does the same for every address, known or not, and leaves earlier challenges valid for their own time. Raises
    Invalid for what is no address.
    """
    return await _ask(session, email, tokens.hash_of(browser_token), onward, language, LASTS)


async def printed_link(session: AsyncSession, email: str, valid_for: timedelta = LASTS, onward: str = "/") -> str:
    """The path of a link for the operator's terminal: good once, in any browser; no mail is sent. Raises Invalid."""
    challenge = await _ask(session, email, None, onward, None, valid_for)
    return link_path(challenge.id)


async def sign_in_with_code(
    session: AsyncSession,
    challenge: UUID,
    code: str,
    browser_token: str | None,
    device: str,
    link_token: str | None = None,
) -> SignedIn | NotSignedIn:
    """Sign in with the mailed code, in the browser that asked or, with the link's token, in one that opened the link.

    Each call that may try counts, whatever comes of it: do not roll back on `NotSignedIn`. Of parallel calls one wins.
    """
    here = Challenge.browser_hash.is_not(None) if _holds_link(challenge, link_token) else _asked_here(browser_token)
    tried = (
        update(Challenge)
        .where(Challenge.id == challenge, *_open(), here, Challenge.tries < TRIES)
        .values(tries=Challenge.tries + 1)
        .returning(Challenge.tries)
    )
    tries = await session.scalar(tried)
    if tries is None:
        return NotSignedIn(await _why_not(session, challenge, here))
    if not tokens.is_code(challenge, code):
        return NotSignedIn("wrong", TRIES - tries)
    return await _use(session, challenge, true(), device)


async def sign_in_with_link(
    session: AsyncSession, challenge: UUID, link_token: str, browser_token: str | None, device: str
) -> SignedIn | NotSignedIn:
    """Sign in by a link: a mailed one in the browser that asked, a printed one anywhere. Of parallel calls one wins."""
    if not _holds_link(challenge, link_token):
        return NotSignedIn("unknown")
    return await _use(session, challenge, or_(Challenge.browser_hash.is_(None), _asked_here(browser_token)), device)


async def peek_link(
    session: AsyncSession | AsyncConnection, challenge: UUID, link_token: str, browser_token: str | None
) -> Link:
    """What opening this link would do, without using it up: mail scanners open links."""
    query = select(
        Challenge.email, Challenge.onward, Challenge.browser_hash, Challenge.used, Challenge.expires
    ).where(Challenge.id == challenge)  # fmt: skip
    row = (await session.execute(query)).one_or_none() if _holds_link(challenge, link_token) else None
    if row is None:
        return Link("unknown")
    state: LinkState = "good"
    if row.used is not None:
        state = "used"
    elif row.expires <= clock.now():
        state = "expired"
    elif row.browser_hash not in (None, tokens.hash_of(browser_token) if browser_token else None):
        state = "other_browser"
    return Link(state, row.email, row.onward)


async def letter_for(session: AsyncSession, challenge: UUID) -> SignInLetter | None:
    """What to write for a challenge; None where nothing is to be sent (any more): a printed link, used or expired."""
    row = await session.get(Challenge, challenge)
    if row is None or row.browser_hash is None or row.used is not None or row.expires <= clock.now():
        return None
    code = tokens.code_of(challenge)
    return SignInLetter(row.email, row.language, code, link_path(challenge), row.created, row.expires)


async def known_challenges(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    """Those of these challenges that are not forgotten: they are a day after they are over, and with the account."""
    return set(await session.scalars(select(Challenge.id).where(Challenge.id.in_(ids))))


def own_path(onward: str) -> str:
    """The path to go on to, if it is one of ours; the front page for anything that a browser could take for another
    site."""
    is_path = onward.startswith("/") and onward[1:2] not in ("/", "\\") and len(onward) <= _ONWARD_LIMIT
    return onward if is_path and onward.isprintable() and "\\" not in onward else "/"


async def _ask(
    session: AsyncSession, email: str, browser_hash: bytes | None, onward: str, language: str | None, lasts: timedelta
) -> Challenge:
    now = clock.now()
    challenge = Challenge(
        id=clock.new_id(), email=email_address(email), browser_hash=browser_hash, onward=own_path(onward),
        language=interface_language(language), tries=0, created=now, expires=now + lasts,
    )  # fmt: skip
    session.add(challenge)
    await session.flush()
    await record.append(session, None, "sign_in.asked", challenge.id)
    return challenge


async def _use(
    session: AsyncSession, challenge: UUID, here: ColumnElement[bool], device: str
) -> SignedIn | NotSignedIn:
    used = (
        update(Challenge)
        .where(Challenge.id == challenge, *_open(), here)
        .values(used=clock.now())
        .returning(Challenge.email, Challenge.onward, Challenge.language)
    )
    row = (await session.execute(used)).one_or_none()
    if row is None:
        return NotSignedIn(await _why_not(session, challenge, here))
    person, new = await find_or_register(session, row.email, row.language)
    complete = select(Person.name.is_not(None) & Person.consented.is_not(None)).where(Person.id == person)
    is_complete = bool(await session.scalar(complete))
    session_id, token = await start_session(session, person, device)
    return SignedIn(person, session_id, token, row.onward, new, is_complete)


async def _why_not(session: AsyncSession, challenge: UUID, here: ColumnElement[bool]) -> Why:
    query = select(Challenge.used, Challenge.expires, here.label("here")).where(Challenge.id == challenge)
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return "unknown"
    if not row.here:
        return "other_browser"
    if row.used is not None:
        return "used"
    return "expired" if row.expires <= clock.now() else "too_many_tries"


def _open() -> tuple[ColumnElement[bool], ...]:
    return Challenge.used.is_(None), Challenge.expires > clock.now()


def _asked_here(browser_token: str | None) -> ColumnElement[bool]:
    return Challenge.browser_hash == tokens.hash_of(browser_token or "")


def _holds_link(challenge: UUID, link_token: str | None) -> bool:
    return link_token is not None and tokens.is_link_token(challenge, link_token)
