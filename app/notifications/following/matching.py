"""Who wants to be told of a contribution, and how soon: the one place that weighs subscriptions against each other.

Of several subscriptions that it falls under the finest counts: the thread's before the topic's before the
consultation's. Beside them stands what somebody wants to hear of replies to themselves; the sooner of the two counts,
but a thread that somebody wants no mail about is silent for good. So nobody is told of one text twice.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, Uuid, bindparam, case, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.notifications.following.models import Subscription
from app.notifications.models import NotificationSettings
from app.readings.letters.hearers import may_hear, newest_number, said

_FINEST = ("thread", "topic", "consultation")
_SOONEST = ("at_once", "daily", "weekly", "never")
USUAL_FOR_REPLIES = "at_once"


async def wanted_by(session: AsyncSession, person: UUID, contributions: Collection[UUID]) -> Sequence[Any]:
    """Which of these contributions one person wants to hear of: rows as `wanted` has them, with the `newest` number of
    each consultation, by consultation and number."""
    values = {"contributions": list(contributions), "person": person, "now": clock.now()}
    rows: Sequence[Any] = (await session.execute(_of_one(), values)).all()
    return rows


@cache
def _of_one() -> Select[Any]:
    """Made once: to make it costs far more than to run it."""
    contributions, person = bindparam("contributions", type_=ARRAY(Uuid())), bindparam("person", type_=Uuid())
    found = wanted(said(contributions), person, bindparam("now", type_=TIMESTAMP(timezone=True))).subquery("wanted")
    query = select(found, newest_number(found.c.consultation_id).label("newest"))
    return query.order_by(found.c.consultation_id, found.c.number)


def wanted(said: Subquery, person: Any = None, now: Any = None) -> Select[Any]:
    """Of `said` (see `hearers.said`): who wants to hear of it, at which pace, and by what they follow (the scope
    `reply`: because it answers them). Of one person, where one is named. Nobody hears of what they said."""
    finest = _finest(said, person).subquery("finest")
    matters = (
        (finest.c.what == "all")
        | ((finest.c.what == "notes") & (finest.c.kind == "note"))
        | ((finest.c.what == "replies_to_me") & (finest.c.answered == finest.c.person))
    )
    replies = _replies(said, person, finest).subquery("replies")
    columns = ("contribution_id", "consultation_id", "number", "author", "person", "pace", "scope", "thing")
    each = union_all(
        select(*(finest.c[name] for name in columns)).where(matters),
        select(*(replies.c[name] for name in columns)),
    ).subquery("each")
    soonest = (
        select(each)
        .where(each.c.person.is_distinct_from(each.c.author), may_hear(each.c.person, each.c.consultation_id, now))
        .ext(distinct_on(each.c.contribution_id, each.c.person))
        .order_by(each.c.contribution_id, each.c.person, _rank(each.c.pace, _SOONEST), _rank(each.c.scope, _FINEST))
        .subquery("soonest")
    )
    return select(soonest).where(soonest.c.pace != "never")


def _finest(said: Subquery, person: Any) -> Select[Any]:
    """The finest subscription of each person that each of these contributions falls under."""
    matching = union_all(
        *(
            select(
                said, Subscription.person_id.label("person"), Subscription.pace, Subscription.what, Subscription.scope,
                Subscription.thing_id.label("thing"), literal(rank).label("rank"),
            ).join(Subscription, (Subscription.thing_id == said.c[f"{scope}_id"]) & (Subscription.scope == scope)
                   & (Subscription.counts_from < said.c.number))
            for rank, scope in enumerate(_FINEST)
        )
    ).subquery("matching")  # fmt: skip
    query = select(matching).ext(distinct_on(matching.c.contribution_id, matching.c.person))
    query = query.order_by(matching.c.contribution_id, matching.c.person, matching.c.rank)
    return query.where(matching.c.person == person) if person is not None else query


def _replies(said: Subquery, person: Any, finest: Subquery) -> Select[Any]:
    """Whom these contributions answer, at the pace that they want to hear of that; not in threads without mail."""
    silent = select(finest.c.person).where(
        finest.c.contribution_id == said.c.contribution_id, finest.c.person == said.c.answered,
        finest.c.scope == "thread", finest.c.pace == "never",
    )  # fmt: skip
    pace = func.coalesce(NotificationSettings.replies, USUAL_FOR_REPLIES).label("pace")
    query = (
        select(
            said.c.contribution_id, said.c.consultation_id, said.c.number, said.c.author,
            said.c.answered.label("person"), pace, literal("reply").label("scope"), said.c.thread_id.label("thing"),
        )
        .outerjoin(NotificationSettings, NotificationSettings.person_id == said.c.answered)
        .where(said.c.answered.is_not(None), ~silent.exists())
    )  # fmt: skip
    return query.where(said.c.answered == person) if person is not None else query


def _rank(column: Any, order: tuple[str, ...]) -> Any:
    return case({name: place for place, name in enumerate(order)}, value=column, else_=-1)
