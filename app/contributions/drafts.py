"""Drafts: what somebody has not sent yet, kept on the server. Before sign-in they belong to a browser.

A draft's id becomes the contribution's, so that a form sent twice posts once. Drafts change nothing that others could
ever see and leave no entry in the record.
"""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, text
from app.contributions.models import Contribution, Draft
from app.language import gettext as _
from app.language import number
from app.permissions import Actor

FIELD_LIMIT = 100_000  # more than any text that can be sent: a draft may be too long, a flood may not
MOST = 100  # of one person, or one browser
KEPT = timedelta(days=60)
KEPT_FOR_BROWSER = timedelta(days=2)


async def keep_draft(
    session: AsyncSession, actor: Actor, browser: str | None, consultation: UUID, fields: dict[str, Any],
    id: UUID | None = None,
) -> Draft:  # fmt: skip
    """Keep what a form holds, unchecked, for the person or else for the browser. Raises TooLarge, Conflict.

    With `id` it replaces the draft that has it; where there is none, it is made with this id, unless that is taken.
    """
    if sum(len(str(value)) for value in fields.values()) > FIELD_LIMIT:
        raise errors.TooLarge(
            _("This text is longer than %(most)s characters and cannot be kept.", most=number(FIELD_LIMIT))
        )
    draft = await find_draft(session, actor, browser, id) if id else None
    if draft is None:
        mine = select(func.count()).select_from(Draft).where(_belongs(actor, browser))
        if int(await session.scalar(mine) or 0) >= MOST:
            raise errors.Conflict(
                _("%(most)s drafts are kept, which is the most: please send or delete one first.", most=MOST)
            )
        draft = Draft(id=id if id and await _is_free(session, id) else clock.new_id(), consultation_id=consultation)
        session.add(draft)
    draft.fields, draft.updated = _storable(fields), clock.now()
    draft.person_id = actor.person
    draft.browser_hash = _hash(browser) if actor.person is None else None
    await session.flush()
    return draft


async def find_draft(session: AsyncSession, actor: Actor, browser: str | None, id: UUID) -> Draft | None:
    """The draft, if it is this person's or this browser's."""
    return (await session.scalars(select(Draft).where(Draft.id == id, _belongs(actor, browser)))).one_or_none()


async def drafts_of(session: AsyncSession, actor: Actor, browser: str | None, limit: int = 50) -> Sequence[Draft]:
    """All drafts of this person and this browser, newest first."""
    query = select(Draft).where(_belongs(actor, browser)).order_by(Draft.updated.desc()).limit(limit)
    return (await session.scalars(query)).all()


async def drafts_after(session: AsyncSession, actor: Actor, after: UUID | None, limit: int) -> Sequence[Draft]:
    """A person's drafts by identifier, those after `after`: to read all of them, a few at a time."""
    query = select(Draft).where(Draft.person_id == actor.person).order_by(Draft.id).limit(limit)
    return (await session.scalars(query.where(Draft.id > after) if after else query)).all()


async def drop_draft(session: AsyncSession, actor: Actor, browser: str | None, id: UUID) -> None:
    """Forget a draft that was sent or given up; nothing happens where it is gone or somebody else's."""
    await session.execute(delete(Draft).where(Draft.id == id, _belongs(actor, browser)))


async def purge_drafts(session: AsyncSession) -> None:
    """Forget drafts that nobody came back to."""
    now = clock.now()
    unclaimed = Draft.person_id.is_(None) & (Draft.updated < now - KEPT_FOR_BROWSER)
    await session.execute(delete(Draft).where(or_(Draft.updated < now - KEPT, unclaimed)))


async def _is_free(session: AsyncSession, id: UUID) -> bool:
    """Whether neither a contribution nor anybody's draft has this id."""
    return all([await session.get(table, id) is None for table in (Contribution, Draft)])


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return text.storable(value)
    if isinstance(value, dict):
        return {name: _storable(each) for name, each in value.items()}
    return [_storable(each) for each in value] if isinstance(value, (list, tuple)) else value


def _belongs(actor: Actor, browser: str | None) -> ColumnElement[bool]:
    of_browser = Draft.browser_hash == _hash(browser) if browser else Draft.id.is_(None)
    return or_(Draft.person_id == actor.person, of_browser) if actor.person else of_browser


def _hash(browser: str | None) -> bytes | None:
    return hashlib.sha256(browser.encode()).digest() if browser else None
