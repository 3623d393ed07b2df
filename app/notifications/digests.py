"""Digests: when they are due, and what is in them.

What somebody hears of once a day or once a week comes in one mail a day, at their hour. The message is made when it is
due, with nothing in it: what it says is read when it is sent, so that it shows what is public then. Up to where
somebody was told is noted with the sending; numbers only grow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, Uuid, and_, case, cast, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.actors import actor_of_person
from app.notifications.following.actions import MOST
from app.notifications.following.listing import Following, followed_by
from app.notifications.following.matching import wanted_by
from app.notifications.following.models import Subscription
from app.notifications.models import Digest, DigestMark, NotificationSettings
from app.notifications.preferences import Preferences, preferences_of
from app.notifications.to_many import made_for, wants
from app.readings.letters.hearers import local_time, new_to, newest_number, on_the_desk
from app.readings.letters.news_letters import Told, told
from app.readings.letters.waiting_letters import DeskLine, desks

DAILY, WEEKLY = ("daily",), ("daily", "weekly")
_MOST_NEW = 200  # of each thing that is followed
SHOWN = 40
_Marks = dict[tuple[UUID, str], int]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a digest says: what waits on one's desks, what is new, and of how much more it shows nothing."""

    desks: Sequence[DeskLine] = ()
    news: Sequence[Told] = ()
    more: int = 0
    told: _Marks = field(default_factory=dict)  # up to which number, by consultation and pace

    def __bool__(self) -> bool:
        return bool(self.desks or self.news)


async def plan_due(session: AsyncSession) -> None:
    """Make the digests whose hour has come, for all people at once. Done by the clock."""
    due = _due().cte("due")
    kept = upsert(Digest).from_select(["person_id", "day", "week"], select(due.c.person, due.c.day, due.c.week))
    noted = kept.on_conflict_do_update(
        index_elements=[Digest.person_id], set_={"day": kept.excluded.day, "week": kept.excluded.week}
    ).cte("noted")
    rows = select(due.c.person, due.c.day.label("about"), due.c.person.label("subject"), due.c.kind)
    filled = or_(_may_have_news(due.c.person, due.c.kind), _asks_for_replies(due.c.person), _moderates(due.c.person))
    await session.execute(made_for("digest", rows.where(filled, ~due.c.is_new)).add_cte(noted))


async def contents(session: AsyncSession, person: UUID, paces: Sequence[str]) -> Contents:
    """What a digest of these paces would say to somebody now, in the current language."""
    chosen = await preferences_of(session, person)
    mine = [each for each in await followed_by(session, person, limit=MOST + 1) if each.pace in paces]
    marks: _Marks = {(row.consultation_id, row.pace): row.number for row in await _marks(session, person)}
    found = await _news(session, person, chosen, mine, marks, paces)
    waiting = await desks(session, await actor_of_person(session, person)) if chosen.waiting == "daily" else []
    return Contents(
        desks=waiting,
        news=await told(session, [row.contribution_id for row in found[:SHOWN]]) if found else (),
        more=max(0, len(found) - SHOWN),
        told=_up_to(found),
    )


def _up_to(found: Sequence[Any]) -> _Marks:
    """By consultation and pace, the newest that is told; what was numbered since then comes the next time."""
    marks: dict[tuple[UUID, str], int] = {}
    for row in found:
        its = (row.consultation_id, row.pace)
        marks[its] = max(row.number, marks.get(its, 0))
    return marks


async def mark_told(session: AsyncSession, person: UUID, up_to: _Marks) -> None:
    """Note what somebody was told: a part of noting that the digest was sent."""
    for (consultation, pace), number in up_to.items():
        row = upsert(DigestMark).values(person_id=person, consultation_id=consultation, pace=pace, number=number)
        await session.execute(
            row.on_conflict_do_update(
                index_elements=[DigestMark.person_id, DigestMark.consultation_id, DigestMark.pace],
                set_={"number": func.greatest(DigestMark.number, row.excluded.number)},
            )
        )


async def next_paces(session: AsyncSession, person: UUID, today: date) -> Sequence[str]:
    """Which paces the next digest brings: what comes weekly too where it is the first of a week."""
    last = await session.get(Digest, person)
    next_day = today if last is None or last.day < today else last.day + timedelta(days=1)
    begins = next_day - timedelta(days=next_day.weekday())
    return WEEKLY if last is None or last.week is None or last.week < begins else DAILY


async def _news(
    session: AsyncSession, person: UUID, chosen: Preferences, mine: Sequence[Following], marks: _Marks,
    paces: Sequence[str],
) -> Sequence[Any]:  # fmt: skip
    """A row for each contribution that is told now."""
    floors = {each.thing: max(each.counts_from, each.seen, marks.get((each.consultation, each.pace), 0))
              for each in mine}  # fmt: skip
    replies = {its: number for (its, pace), number in marks.items() if pace == chosen.replies}
    asked = [(each.scope, each.thing, floors[each.thing]) for each in mine]
    ids = await new_to(session, person, asked, replies if chosen.replies in paces else None, _MOST_NEW)
    if not ids:
        return []
    rows = [row for row in await wanted_by(session, person, ids) if row.pace in paces]
    return [
        row for row in rows
        if row.number <= row.newest
        and row.number > (replies.get(row.consultation_id, 0) if row.scope == "reply" else floors.get(row.thing, 0))
    ]  # fmt: skip


async def _marks(session: AsyncSession, person: UUID) -> Sequence[Any]:
    columns = (DigestMark.consultation_id, DigestMark.pace, DigestMark.number)
    return (await session.execute(select(*columns).where(DigestMark.person_id == person))).all()


def _due() -> Select[*tuple[Any, ...]]:
    """Everybody who may be sent digests, whose hour of the day has come, and for whom nothing was thought of today.

    And who is new to it, of whom it is noted only: they begin with the next time that their hour comes.
    """
    desk = on_the_desk().subquery("desk")
    each = union_all(
        select(Subscription.person_id.label("person"), Subscription.consultation_id.label("consultation")).where(
            Subscription.pace.in_(WEEKLY)
        ),
        select(NotificationSettings.person_id, literal(None, Uuid())).where(NotificationSettings.replies.in_(WEEKLY)),
        select(desk.c.person, desk.c.consultation),
    ).subquery("each")
    one = select(each).ext(distinct_on(each.c.person)).order_by(each.c.person, each.c.consultation).subquery("one")
    time = local_time(one.c.person, one.c.consultation).label("time")
    local = select(one.c.person, time).offset(0).subquery("local")  # so that the time is looked up once
    today = cast(local.c.time, Date)
    week = cast(func.date_trunc("week", local.c.time), Date)
    comes = func.extract("hour", local.c.time) >= func.coalesce(NotificationSettings.hour, Preferences().hour)
    is_new = Digest.day.is_(None)
    return (
        select(
            local.c.person, case((comes, today), else_=today - 1).label("day"), week.label("week"),
            case((Digest.week >= week, "digest"), else_="weekly").label("kind"), is_new.label("is_new"),
        )
        .outerjoin(NotificationSettings, NotificationSettings.person_id == local.c.person)
        .outerjoin(Digest, Digest.person_id == local.c.person)
        .where(
            func.coalesce(NotificationSettings.digest, Preferences().digest) != "never",
            or_(is_new, and_(comes, Digest.day < today)),
        )
    )  # fmt: skip


def _may_have_news(person: Any, kind: Any) -> ColumnElement[bool]:
    """Whether anything was numbered since somebody was told, where they follow anything; it may not concern them."""
    mark = select(DigestMark.number).where(
        DigestMark.person_id == Subscription.person_id, DigestMark.pace == Subscription.pace,
        DigestMark.consultation_id == Subscription.consultation_id,
    )  # fmt: skip
    told_up_to = func.greatest(Subscription.counts_from, Subscription.seen, mark.scalar_subquery())
    new = select(Subscription.id).where(
        Subscription.person_id == person,
        or_(Subscription.pace == "daily", and_(Subscription.pace == "weekly", kind == "weekly")),
        newest_number(Subscription.consultation_id) > told_up_to,
    )
    return new.exists()


def _asks_for_replies(person: Any) -> ColumnElement[bool]:
    chosen = select(NotificationSettings.hour).where(NotificationSettings.person_id == person)
    return chosen.where(NotificationSettings.replies.in_(WEEKLY)).exists()


def _moderates(person: Any) -> ColumnElement[bool]:
    desk = on_the_desk().subquery("its_desk")
    return wants(person, "waiting", "daily") & select(desk.c.person).where(desk.c.person == person).exists()
