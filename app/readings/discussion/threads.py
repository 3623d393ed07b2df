"""Lists in public: a topic's threads, a consultation's newest contributions, a facilitator's newest notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.contributions.models import Publication
from app.contributions.placing import parent_number
from app.readings.views import ContributionView, view

TOPIC_PAGE = 20


@dataclass(frozen=True, slots=True)
class ThreadList:
    """Root contributions of a topic, newest first; `next_before` is the number to continue before."""

    roots: Sequence[ContributionView]
    next_before: int | None


async def threads(connection: AsyncConnection, topic: UUID, before: int | None = None) -> ThreadList:
    """One page of a topic's threads, newest first."""
    query = _published().where(
        Publication.topic_id == topic, Publication.parent_id.is_(None), Publication.kind != "note"
    )
    if before is not None:
        query = query.where(Publication.number < min(before, _NUMBERS - 1))
    roots = await _views(connection, query.order_by(Publication.number.desc()).limit(TOPIC_PAGE + 1))
    return ThreadList(roots[:TOPIC_PAGE], roots[TOPIC_PAGE - 1].number if len(roots) > TOPIC_PAGE else None)


async def latest(connection: AsyncConnection, consultation: UUID, limit: int = 5) -> list[ContributionView]:
    """The newest contributions of a consultation."""
    query = _published().where(Publication.consultation_id == consultation)
    return await _views(connection, query.order_by(Publication.number.desc()).limit(limit))


async def latest_notes(connection: AsyncConnection, topic: UUID, limit: int = 1) -> list[ContributionView]:
    """The facilitator's newest notes in a topic."""
    query = _published().where(Publication.topic_id == topic, Publication.kind == "note")
    return await _views(connection, query.order_by(Publication.number.desc()).limit(limit))


async def newest(connection: AsyncConnection, which: ColumnElement[bool], limit: int) -> list[ContributionView]:
    """The newest of these contributions, replies among them."""
    query = _published().add_columns(Publication.depth, Publication.sort_key).where(which)
    rows = (await connection.execute(query.order_by(Publication.number.desc()).limit(limit))).all()
    return [view(row[0], row[1], row[2], parent_number(row.depth, row.sort_key)) for row in rows]


def _published() -> Select[*tuple[Any, ...]]:
    return select(Publication.document, Publication.replies, Publication.endorsements)


async def _views(connection: AsyncConnection, query: Select[*tuple[Any, ...]]) -> list[ContributionView]:
    return [view(row[0], row[1], row[2]) for row in (await connection.execute(query)).all()]


_NUMBERS = 2**31  # what fits in its column
