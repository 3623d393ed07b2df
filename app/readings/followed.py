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
from app.contributions.models import Publication
from app.language import gettext as _
from app.readings import thread
from app.readings.consultations import ConsultationView
from app.readings.views import ContributionView, view

Scope = Literal["consultation", "topic", "thread"]
MOST_NEW = 100  # are counted
_NUMBERS: Mapping[str, InstrumentedAttribute[UUID]] = {
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
    home, newest = f"/c/{consultation.slug}", await newest_number(connection, consultation.id)
    if number is not None:
        focus, _topic = await thread.focus(connection, consultation.id, number)
        for root in await roots(connection, [focus.thread] if focus.thread else []):
            return Followable(consultation.id, "thread", root.id, root.title, f"{home}/{root.number}", newest)
        raise errors.NotFound(_("There is no such thread."))
    if topic:
        found = consultation.topic(topic)
        return Followable(consultation.id, "topic", found.id, found.title, f"{home}/topics/{found.slug}", newest)
    return Followable(consultation.id, "consultation", consultation.id, consultation.title, home, newest)


async def newest_number(connection: AsyncConnection, consultation: UUID) -> int:
    """The highest number of what is public in a consultation; 0 where nothing is."""
    query = select(func.max(Publication.number)).where(Publication.consultation_id == consultation)
    return int(await connection.scalar(query) or 0)


async def roots(connection: AsyncConnection, threads: Sequence[UUID]) -> list[ContributionView]:
    """The contributions that began these threads, those that are public."""
    columns = (Publication.document, Publication.replies, Publication.endorsements)
    rows = await connection.execute(select(*columns).where(Publication.contribution_id.in_(threads)))
    return [view(*row) for row in rows]


async def news(connection: AsyncConnection, followed: Sequence[tuple[Scope, UUID, int]]) -> dict[UUID, News]:
    """What is new in each of these: scope, identifier, and the number up to which all was seen. Three queries."""
    found: dict[UUID, News] = {}
    for scope, place in _NUMBERS.items():
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
