"""The consumer that tells followers, participants and moderators at once, as each of them has chosen."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, Uuid, bindparam, cast, select
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.database.prepared import Prepared
from app.notifications.following.matching import wanted
from app.notifications.following.models import Subscription
from app.notifications.to_many import deliver, made_for, wants
from app.readings.letters.date_letters import closing_soon, topics_closing_soon
from app.readings.letters.hearers import may_hear, on_the_desk, said, taking_part
from app.readings.letters.outcome_news import cited_by
from app.record.following import Seen

_WAITS = ("text.waiting", "flag.raised", "appeal.waits")
_RECOMMENDED = ("recommendation.published", "recommendation.revised")
KINDS = frozenset(("contribution.published", "phase.opened", "phase.extended", "report.published", *_WAITS,
                   *_RECOMMENDED))  # fmt: skip
_TOLD_WITHIN = timedelta(days=3)  # what is older is no news: a server that was away so long begins anew


async def tell(session: AsyncSession, entries: Sequence[Seen]) -> None:
    """Make the deliveries that these entries call for, each once however often asked."""
    fresh = [entry for entry in entries if entry.time > clock.now() - _TOLD_WITHIN]
    # What comes from another process, often many at once and long said, is told in digests only.
    published = [each.subject for each in fresh if each.kind == "contribution.published" and not _is_import(each)]
    if published:
        await _tell_followers(session, published)
    for entry in fresh:
        if entry.consultation is not None and entry.kind != "contribution.published":
            await _tell(session, entry, entry.consultation)


async def tell_of_closing(session: AsyncSession) -> None:
    """Say once that a consultation, or a topic of it before, closes in three days. Done by the clock."""
    for consultation, closes in await closing_soon(session):
        await deliver(session, "closing", _concerned(consultation, "dates"), f"{consultation}-{closes:%Y%m%d%H%M}",
                      consultation)  # fmt: skip
    for consultation, topic, closes in await topics_closing_soon(session):
        await deliver(session, "closing", _concerned(consultation, "dates"), f"{topic}-{closes:%Y%m%d%H%M}", topic)


async def _tell_followers(session: AsyncSession, published: Sequence[UUID]) -> None:
    """One text at a time: of many texts and many followers together a statement would take longer than it may, and
    however often it were tried again."""
    for each in published:
        await _news().rows(session, contributions=[each], now=clock.now())


@cache
def _news() -> Prepared:
    """Made once: to make it costs more than to run it."""
    now = bindparam("now", type_=TIMESTAMP(timezone=True))
    found = wanted(said(bindparam("contributions", type_=ARRAY(Uuid()))), now=now).subquery("wanted")
    about = cast(found.c.contribution_id, Text).label("about")
    at_once = select(found.c.person, about, found.c.contribution_id.label("subject")).where(found.c.pace == "at_once")
    return Prepared(made_for("news", at_once, now))


async def _tell(session: AsyncSession, entry: Seen, consultation: UUID) -> None:
    payload, once = entry.payload, f"{consultation}-{entry.seq}"
    if entry.kind in _WAITS:
        contribution = UUID(payload["contribution"])
        people = _only(on_the_desk(consultation, contribution), consultation, "waiting")
        await deliver(session, "waiting", people, f"{contribution}-{entry.seq}", contribution)
    elif entry.kind == "phase.opened" and payload.get("phase") == "open" and _is_fresh(payload["at"]):
        await deliver(session, "opened", _concerned(consultation, "dates"), once, entry.subject)
    elif entry.kind == "phase.extended":
        await deliver(session, "extended", _concerned(consultation, "dates"), once, entry.subject)
    elif entry.kind == "report.published":
        await deliver(session, "report", _concerned(consultation, "outcome"), once, entry.subject)
    elif entry.kind in _RECOMMENDED and payload.get("stage") == "final":
        # One mail for all that is published on a day; it lists what there is when it is sent.
        people = _only(cited_by(entry.subject), consultation, "outcome")
        await deliver(session, "cited", people, f"{consultation}-{entry.time:%Y%m%d}", consultation)


def _concerned(consultation: UUID, what: str) -> Select[Any]:
    """Who takes part in a consultation or follows anything in it, and wants to hear of this."""
    follow = select(Subscription.person_id.label("person")).where(
        Subscription.consultation_id == consultation, Subscription.pace != "never"
    )
    both = taking_part(consultation).union(follow).subquery("both")
    return _only(select(both.c.person), consultation, what)


def _only(people: Select[*tuple[Any, ...]], consultation: UUID, what: str) -> Select[Any]:
    each = people.subquery("each")
    return select(each.c.person).where(may_hear(each.c.person, consultation), wants(each.c.person, what, "at_once"))


def _is_fresh(at: str) -> bool:
    """Whether it began of late: what is loaded may have begun long ago."""
    return datetime.fromisoformat(at) > clock.now() - _TOLD_WITHIN


def _is_import(entry: Seen) -> bool:
    return entry.payload.get("external") is not None
