"""What can be followed, and what is new in what somebody follows. Only what is public counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Integer, Uuid, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import InstrumentedAttribute

from app import errors
from app.consultations.models import Consultation
from app.contributions.models import Publication
from app.language import gettext as _
from app.readings.consultation_views import ConsultationView
from app.readings.discussion import thread, threads
from app.readings.views import ContributionView

Scope = Literal["consultation", "topic", "thread"]
MOST_NEW = 100  # are counted
NUMBERS: Mapping[str, InstrumentedAttribute[UUID]] = {
    "consultation": Publication.consultation_id,
    "topic": Publication.topic_id,
    "thread": Publication.thread_id,
}


@dataclass(frozen=True, slots=True)
class Followable:
    """Something to follow: its title, None where it has none, its page, and the newest number in its consultation."""

    consultation: UUID
    scope: Scope
    id: UUID
    title: str | None
    path: str
    newest: int


@dataclass(frozen=True, slots=True)
class News:
    """How many contributions are new in something, MOST_NEW at the most, and the number of the first."""

    count: int = 0
    first: int | None = None


async def followable(
    connection: AsyncConnection, consultation: ConsultationView, topic: str = "", number: int | None = None
) -> Followable:
    """The thread of contribution `number`, or else a topic by its slug, or else the consultation. Raises NotFound."""
    home, newest = f"/c/{consultation.slug}", (await newest_numbers(connection, [consultation.id]))[consultation.id]
    if number is not None:
        focus, _topic = await thread.focus(connection, consultation.id, number)
        found_roots = await roots(connection, [focus.thread] if focus.thread else [])
        if not found_roots:
            raise errors.NotFound(_("There is no such thread."))
        root = found_roots[0]
        return Followable(consultation.id, "thread", root.id, root.title, f"{home}/{root.number}", newest)
    if topic:
        found = consultation.topic(topic)
        return Followable(consultation.id, "topic", found.id, found.title, f"{home}/topics/{found.slug}", newest)
    return Followable(consultation.id, "consultation", consultation.id, consultation.title, home, newest)


async def newest_numbers(connection: AsyncConnection, asked: Sequence[UUID]) -> dict[UUID, int]:
    """The highest number of what is public in each of these consultations; 0 where nothing is."""
    highest = select(func.max(Publication.number)).where(Publication.consultation_id == Consultation.id)
    newest = func.coalesce(highest.scalar_subquery(), 0)  # of each by the end of an index
    rows = await connection.execute(select(Consultation.id, newest).where(Consultation.id.in_(asked)))
    return {row[0]: row[1] for row in rows}


async def roots(connection: AsyncConnection, began: Sequence[UUID]) -> list[ContributionView]:
    """The contributions that began these threads, those that are public."""
    return await threads.newest(connection, Publication.contribution_id.in_(began), len(began)) if began else []


async def news(connection: AsyncConnection, followed: Sequence[tuple[Scope, UUID, int]]) -> dict[UUID, News]:
    """What is new in each of these: scope, identifier, and the number up to which all was seen. Three queries."""
    found: dict[UUID, News] = {}
    for scope, place in NUMBERS.items():
        asked = [(id, seen) for its, id, seen in followed if its == scope]
        if asked:
            rows = await connection.execute(_new_in(place, asked))
            found |= {thing: News(count, first) for thing, count, first in rows}
    return found


def _new_in(place: InstrumentedAttribute[UUID], asked: Sequence[tuple[UUID, int]]) -> Any:
    things = literal([id for id, _seen in asked], ARRAY(Uuid()))
    seen = literal([number for _id, number in asked], ARRAY(Integer()))
    given = func.unnest(things, seen).table_valued("thing", "seen", name="given").render_derived()
    new = (
        select(Publication.number)
        .where(place == given.c.thing, Publication.number > given.c.seen)
        .order_by(Publication.number)
        .limit(MOST_NEW)
        .lateral("new")
    )
    count, first = func.count(new.c.number).label("count"), func.min(new.c.number).label("first")
    return select(given.c.thing, count, first).select_from(given).join(new, true()).group_by(given.c.thing)
