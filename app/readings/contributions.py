"""Contributions as the public reads them: lists, single ones, and what became of those no longer public."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import clock, errors
from app.consultations.models import Consultation, Topic
from app.contributions.models import Contribution, Publication
from app.readings import cursors, json_texts
from app.readings.json_texts import Texts
from app.record.models import Record


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed down to; None is anything."""

    topic: str | None = None
    thread: UUID | None = None
    parent: UUID | None = None
    kind: str | None = None
    language: str | None = None
    country: str | None = None
    organisation_kind: str | None = None
    question: str | None = None
    tag: str | None = None
    place: str | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, the cursor of the next, and the record's size in this snapshot (None of an empty page)."""

    items: Texts
    next: str | None
    size: int | None = None


SORTS = ("number", "-number", "updated", "endorsements")


async def listing(
    connection: AsyncConnection, consultation: UUID, prefix: str, filters: Filters,
    sort: str = "number", limit: int = 50, cursor: str | None = None,
) -> Page:  # fmt: skip
    """One page of the published contributions of a consultation, by keyset. Raises Malformed for a foreign cursor."""
    columns, descending = _ORDERS[sort]
    purpose = f"{consultation}:{sort}"
    size = select(Record.size).where(Record.id == consultation).scalar_subquery()
    query = narrowed(select(*json_texts.COLUMNS, size, *columns), consultation, filters)
    if cursor is not None:
        query = query.where(_beyond(columns, descending, cursors.unseal(purpose, cursor)))
    order = [column.desc() if descending else column.asc() for column in columns]
    rows = (await connection.execute(query.order_by(*order).limit(limit + 1))).all()
    more = len(rows) > limit
    rows = rows[:limit]
    position = [_plain(value) for value in rows[-1][-len(columns) :]] if more else None
    following = cursors.seal(purpose, position) if position is not None else None
    return Page(json_texts.texts(rows, prefix), following, rows[0][len(json_texts.COLUMNS)] if rows else None)


def narrowed(query: Select[Any], consultation: UUID, filters: Filters) -> Select[Any]:
    """The query with every filter that is set. All of them together may be used."""
    query = query.where(Publication.consultation_id == consultation)
    if filters.topic is not None:
        topic = select(Topic.id).where(Topic.consultation_id == consultation, Topic.slug == filters.topic)
        query = query.where(Publication.topic_id == topic.scalar_subquery())
    for column, value in (
        (Publication.thread_id, filters.thread), (Publication.parent_id, filters.parent),
        (Publication.kind, filters.kind),
        (Publication.language, filters.language), (Publication.country, filters.country),
        (Publication.organisation_kind, filters.organisation_kind),
    ):  # fmt: skip
        if value is not None:
            query = query.where(column == value)
    for array, value in (
        (Publication.questions, filters.question), (Publication.tags, filters.tag),
        (Publication.places, filters.place.lower() if filters.place else None),
    ):  # fmt: skip
        if value is not None:
            query = query.where(array.contains([value]))
    if filters.updated_since is not None:
        query = query.where(Publication.updated >= filters.updated_since)
    return query


async def by_id(connection: AsyncConnection, id: UUID, base: str) -> tuple[bytes, str]:
    """A published contribution as JSON text, and `R-S`: its public revision's number and its `seq`.

    Raises NotFound for what never was public, Gone (with its state) for what no longer is, Moved for what was merged.
    """
    row = (
        await connection.execute(
            select(*json_texts.COLUMNS, Consultation.slug)
            .join(Consultation, Consultation.id == Publication.consultation_id)
            .where(Publication.contribution_id == id)
        )
    ).one_or_none()
    if row is None:
        raise await absence(connection, Contribution.id == id, base)
    (text,) = json_texts.texts([row], f"{base}/c/{row.slug}/")
    return text, f"{json_texts.revision_in(text)}-{row.seq}"


async def as_written(session: AsyncSession, id: UUID, prefix: str) -> tuple[bytes, str] | None:
    """As `by_id`, of what this session has written: without a query where it was just published. None if not public."""
    publication = await session.get(Publication, id)
    if publication is None:
        return None
    text = json_texts.written(publication, prefix)
    return text, f"{json_texts.revision_in(text)}-{publication.seq}"


async def absence(connection: AsyncConnection, which: ColumnElement[bool], base: str) -> errors.PlenaryError:
    """Why there is nothing to show: NotFound, exactly as for what never existed, or Gone with the state."""
    row = (
        await connection.execute(
            select(Contribution.id, Contribution.number, Contribution.status, Contribution.since, Consultation.slug)
            .join(Consultation, Consultation.id == Contribution.consultation_id)
            .where(which, Contribution.number.is_not(None))
        )
    ).one_or_none()
    if row is None or row.status == "published":
        return errors.NotFound("There is no such contribution.")
    return errors.Gone(
        f"Contribution {row.number} is no longer public: {_PAST[row.status]}.",
        id=str(row.id), number=row.number, url=f"{base}/c/{row.slug}/{row.number}", state=row.status,
        since=clock.iso(row.since),
    )  # fmt: skip


_ORDERS: dict[str, tuple[tuple[Any, ...], bool]] = {
    "number": ((Publication.number,), False),
    "-number": ((Publication.number,), True),
    "updated": ((Publication.updated, Publication.number), False),
    "endorsements": ((Publication.endorsements, Publication.number), True),
}
_PAST = {
    "hidden": "a moderator hid it", "withdrawn": "its author withdrew it", "merged": "it was merged into another",
    "erased": "it was erased", "rejected": "it was not accepted", "pending": "it waits",
}  # fmt: skip


def _beyond(columns: tuple[Any, ...], descending: bool, position: list[Any]) -> ColumnElement[bool]:
    values = [
        datetime.fromisoformat(value) if column is Publication.updated else value
        for column, value in zip(columns, position, strict=True)
    ]
    left, right = tuple_(*columns), tuple_(*values)
    return left < right if descending else left > right


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
