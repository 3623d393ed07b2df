"""Threads in public: a topic's list of them, a thread page by page, and one contribution with what is beneath it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import errors
from app.contributions.models import Contribution, Publication
from app.contributions.placing import CARRIED_LEVELS, after_all_beneath
from app.moderation.models import Decision
from app.readings.views import ContributionView, view

THREAD_PAGE = 100
TOPIC_PAGE = 20


@dataclass(frozen=True, slots=True)
class ThreadList:
    """Root contributions of a topic, newest first; `next_before` is the number to continue before."""

    roots: Sequence[ContributionView]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A contribution in its thread: root, what it replies to, and a page of what is beneath it in reading order."""

    focus: ContributionView
    root: ContributionView  # the focus itself where that is a root
    parent: ContributionView | None  # what the focus replies to
    items: Sequence[ContributionView]  # beneath the focus; gaps included
    first: bool  # whether the page begins at the focus
    next_after: int | None  # the number to continue after
    topic_id: UUID


async def threads(connection: AsyncConnection, topic: UUID, before: int | None = None) -> ThreadList:
    """One page of a topic's threads, newest first."""
    query = _published().where(
        Publication.topic_id == topic, Publication.parent_id.is_(None), Publication.kind != "note"
    )
    if before is not None:
        query = query.where(Publication.number < before)
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


async def thread(connection: AsyncConnection, consultation: UUID, number: int, after: int | None = None) -> ThreadPage:
    """Contribution `number` with one page of what is beneath it, after contribution `after`. Raises NotFound.

    A contribution that is no longer public is there as a gap. Four queries, whatever the size.
    """
    top = await _position(connection, consultation, number)
    start = await _position(connection, consultation, after) if after is not None else top
    if start.thread_id != top.thread_id:
        raise errors.NotFound("There is no such page of this thread.")
    around = _numbers_in(top.sort_key)[:-1]  # the way down from the root
    wanted = {*around[:1], *around[-1:], number}
    rows = (await connection.execute(_placed().where(
        Contribution.consultation_id == consultation, Contribution.number.in_(wanted)))).all()  # fmt: skip
    beneath = (await connection.execute(_beneath(top, start.sort_key))).all()
    reasons = await _reasons(connection, [row.id for row in (*rows, *beneath) if row.document is None])
    near = {row.number: _placed_view(row, reasons) for row in rows}
    return ThreadPage(
        focus=near[number],
        root=near[around[0]] if around else near[number],
        parent=near[around[-1]] if around and top.depth < CARRIED_LEVELS else None,
        items=[_placed_view(row, reasons) for row in beneath[:THREAD_PAGE]],
        first=after is None,
        next_after=beneath[THREAD_PAGE - 1].number if len(beneath) > THREAD_PAGE else None,
        topic_id=top.topic_id,
    )


def _published() -> Select[*tuple[Any, ...]]:
    return select(Publication.document, Publication.replies, Publication.endorsements)


def _placed() -> Select[*tuple[Any, ...]]:
    return select(
        Contribution.id, Contribution.number, Contribution.depth, Contribution.sort_key, Contribution.status,
        Contribution.since, Contribution.parent_id, Publication.document, Publication.replies, Publication.endorsements,
    ).outerjoin(Publication, Publication.contribution_id == Contribution.id)  # fmt: skip


async def _views(connection: AsyncConnection, query: Select[*tuple[Any, ...]]) -> list[ContributionView]:
    return [view(row[0], row[1], row[2]) for row in (await connection.execute(query)).all()]


async def _position(connection: AsyncConnection, consultation: UUID, number: int) -> Any:
    row = (
        await connection.execute(
            select(
                Contribution.id, Contribution.number, Contribution.topic_id, Contribution.thread_id, Contribution.depth,
                Contribution.sort_key,
            ).where(Contribution.consultation_id == consultation, Contribution.number == number)
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        raise errors.NotFound(f"There is no contribution {number} in this consultation.")
    return row


def _beneath(top: Any, start: bytes) -> Select[*tuple[Any, ...]]:
    query = _placed().where(Contribution.thread_id == top.thread_id, Contribution.number.is_not(None))
    if top.depth >= CARRIED_LEVELS - 1:  # keys no longer tell who is beneath whom: direct replies, by number
        return query.where(
            Contribution.parent_id == top.id, Contribution.sort_key > start
        ).order_by(Contribution.sort_key).limit(THREAD_PAGE + 1)  # fmt: skip
    end = after_all_beneath(top.sort_key)
    query = query.where(Contribution.sort_key > start)
    if end is not None and top.depth > 0:
        query = query.where(Contribution.sort_key < end)
    return query.order_by(Contribution.sort_key).limit(THREAD_PAGE + 1)


def _placed_view(row: Any, reasons: dict[UUID, Any]) -> ContributionView:
    numbers = _numbers_in(row.sort_key)
    parent = numbers[-2] if len(numbers) > 1 and row.depth < CARRIED_LEVELS else None
    if row.document is not None:
        return view(row.document, row.replies, row.endorsements, parent)
    decision = reasons.get(row.id) if row.status == "hidden" else None
    return ContributionView(
        id=row.id, number=row.number, status=row.status, depth=row.depth, parent=row.parent_id, parent_number=parent,
        since=row.since, rule=decision.rule if decision else None, reason=decision.reason if decision else None,
    )  # fmt: skip


def _numbers_in(key: bytes) -> list[int]:
    return [int.from_bytes(key[at : at + 4], "big") for at in range(0, len(key), 4)]


async def _reasons(connection: AsyncConnection, gaps: Sequence[UUID]) -> dict[UUID, Any]:
    """The newest public hiding decision of each gap. One query always, so that pages cost the same."""
    rows = await connection.execute(
        select(Decision.contribution_id, Decision.rule, Decision.reason)
        .where(Decision.contribution_id.in_(gaps), Decision.act == "hide")
        .order_by(Decision.id)
    )
    return {row.contribution_id: row for row in rows}
