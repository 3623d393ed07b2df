"""Deliveries to many people at once: one statement for all of them, however many there are."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, Uuid, cast, func, literal, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.notifications.bouncing import is_off
from app.notifications.models import Delivery, NotificationSettings
from app.readings.letters.hearers import may_hear

BEHIND = 1  # in rank: mail that somebody waits for goes before
COLUMNS = ("id", "key", "kind", "subject", "person_id", "created", "due", "rank")
_USUAL = {"dates": "at_once", "outcome": "at_once", "waiting": "daily"}


async def deliver(session: AsyncSession, kind: str, people: Select[Any], about: str, subject: UUID) -> None:
    """One message of this kind to each `person` that a query finds, once whatever `about` says the same."""
    to = people.subquery("to")
    await session.execute(made_for(kind, select(to.c.person, literal(about).label("about"),
                                                literal(subject, Uuid()).label("subject"))))  # fmt: skip


def made_for(kind: str, found: Select[Any], now: Any = None) -> Any:
    """The statement that makes a message for each row: to `person`, about the thing `subject`, and named by `about`.

    What has the same key is not made again. Whose address is switched off gets none. Rows may name a `kind` of theirs.
    A statement that is made once gives a parameter for `now`.
    """
    to = found.subquery("found")
    now, its = literal(clock.now()) if now is None else now, to.c.kind if "kind" in to.c else literal(kind)
    rows = select(
        func.gen_random_uuid(), key(kind, to.c.about, to.c.person), its, to.c.subject, to.c.person, now, now,
        literal(BEHIND),
    ).where(~is_off(to.c.person))  # fmt: skip
    return upsert(Delivery).from_select(list(COLUMNS), rows).on_conflict_do_nothing(index_elements=[Delivery.key])


def key(kind: str, about: Any, person: Any) -> ColumnElement[str]:
    """`news-ABOUT-PERSON`. It names the mail's file, too."""
    return func.concat(kind, "-", cast(about, Text), "-", cast(person, Text), type_=Text)


async def still_wants(session: AsyncSession, person: UUID, consultation: UUID, what: str) -> bool:
    """Whether who is to be mailed at once may still hear of it, and wants to: it may have been planned hours ago."""
    still = may_hear(literal(person, Uuid()), consultation) & wants(person, what, "at_once")
    return bool(await session.scalar(select(still)))


def wants(person: Any, what: str, pace: str) -> ColumnElement[bool]:
    """Whether somebody wants to hear of `dates`, `outcome` or what is `waiting` at this pace."""
    chosen = select(getattr(NotificationSettings, what)).where(NotificationSettings.person_id == person)
    return func.coalesce(chosen.scalar_subquery(), _USUAL[what]) == pace
