"""Threads in public: a topic's list of them, a thread page by page, and one contribution with what is beneath it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, LargeBinary, Select, Uuid, any_, bindparam, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from app import errors
from app.contributions.models import Contribution, Publication
from app.contributions.placing import CARRIED_LEVELS, after_all_beneath
from app.database.prepared import Prepared, Row
from app.moderation.models import Decision
from app.readings.views import ContributionView, gap, view

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


async def thread(connection: AsyncConnection, consultation: UUID, number: int, after: int | None = None) -> ThreadPage:
    """Contribution `number` with one page of what is beneath it, after contribution `after`. Raises NotFound.

    A contribution that is no longer public is there as a gap. At most four queries, whatever the size.
    """
    top = await _position(connection, consultation, number)
    start = await _position(connection, consultation, after) if after is not None else top
    if start["thread_id"] != top["thread_id"]:
        raise errors.NotFound("There is no such page of this thread.")
    rows = await _beneath(connection, top, start["sort_key"])
    around = _numbers_in(top["sort_key"])[:-1]  # the way down from the root
    wanted = {*around[:1], *around[-1:]} - {number}
    if rows and rows[0]["number"] == number:
        focus, rows = rows[0], rows[1:]
        near = {number: _view(focus)}
    else:
        near, wanted = {}, {*wanted, number}
    if wanted:
        found = await _AROUND.rows(connection, consultation=consultation, numbers=list(wanted))
        near |= {row["number"]: _view(row) for row in found}
    return ThreadPage(
        focus=near[number],
        root=near[around[0]] if around else near[number],
        parent=near[around[-1]] if around and top["depth"] < CARRIED_LEVELS else None,
        items=[_view(row) for row in rows[:THREAD_PAGE]],
        first=after is None,
        next_after=rows[THREAD_PAGE - 1]["number"] if len(rows) > THREAD_PAGE else None,
        topic_id=top["topic_id"],
    )


def _published() -> Select[*tuple[Any, ...]]:
    return select(Publication.document, Publication.replies, Publication.endorsements)


async def _views(connection: AsyncConnection, query: Select[*tuple[Any, ...]]) -> list[ContributionView]:
    return [view(row[0], row[1], row[2]) for row in (await connection.execute(query)).all()]


async def _position(connection: AsyncConnection, consultation: UUID, number: int) -> Row:
    known = 0 < number < _NUMBERS
    row = await _POSITION.row(connection, consultation=consultation, number=number) if known else None
    if row is None:
        raise errors.NotFound(f"There is no contribution {number} in this consultation.")
    return row


async def _beneath(connection: AsyncConnection, top: Row, start: bytes) -> Sequence[Row]:
    """The first page begins with the top itself, where keys tell who is beneath whom."""
    if top["depth"] >= CARRIED_LEVELS - 1:  # they do not any more: direct replies, by number
        return await _REPLIES.rows(connection, parent=top["id"], start=start, most=THREAD_PAGE + 1)
    first = start == top["sort_key"]
    return await _BENEATH.rows(
        connection,
        thread=top["thread_id"],
        start=start if first else start + _JUST_AFTER,
        end=after_all_beneath(top["sort_key"]) or _LAST_KEY,
        most=THREAD_PAGE + 2 if first else THREAD_PAGE + 1,
    )


def _view(row: Row) -> ContributionView:
    _id, number, depth, key, status, since, document, replies, endorsements, rule, reason = row
    parent = int.from_bytes(key[-8:-4], "big") if len(key) > 4 and depth < CARRIED_LEVELS else None
    if document is not None:
        return view(document, replies, endorsements, parent)
    return gap(
        id=_id, number=number, status=status, depth=depth, parent_number=parent, since=since, rule=rule, reason=reason
    )


def _numbers_in(key: bytes) -> list[int]:
    return [int.from_bytes(key[at : at + 4], "big") for at in range(0, len(key), 4)]


_JUST_AFTER, _LAST_KEY = b"\x00", b"\xff"
_NUMBERS = 2**31  # what fits in its column

# The newest public hiding decision of what is hidden.
_HIDING = (
    select(Decision.rule, Decision.reason)
    .where(Decision.contribution_id == Contribution.id, Decision.act == "hide", Contribution.status == "hidden")
    .order_by(Decision.id.desc())
    .limit(1)
    .correlate(Contribution)
    .lateral("hiding")
)
_PLACED = (
    select(
        Contribution.id, Contribution.number, Contribution.depth, Contribution.sort_key, Contribution.status,
        Contribution.since, Publication.document, Publication.replies, Publication.endorsements, _HIDING.c.rule,
        _HIDING.c.reason,
    )
    .select_from(Contribution)
    .outerjoin(Publication, Publication.contribution_id == Contribution.id)
    .outerjoin(_HIDING, true())
)  # fmt: skip
_POSITION = Prepared(
    select(
        Contribution.id, Contribution.topic_id, Contribution.thread_id, Contribution.depth, Contribution.sort_key
    ).where(
        Contribution.consultation_id == bindparam("consultation", type_=Uuid()),
        Contribution.number == bindparam("number", type_=Integer()),
    )
)  # fmt: skip
_AROUND = Prepared(
    _PLACED.where(
        Contribution.consultation_id == bindparam("consultation", type_=Uuid()),
        Contribution.number == any_(bindparam("numbers", type_=ARRAY(Integer()))),
    )
)
_BENEATH = Prepared(
    _PLACED.where(
        Contribution.thread_id == bindparam("thread", type_=Uuid()),
        Contribution.number.is_not(None),
        Contribution.sort_key >= bindparam("start", type_=LargeBinary()),
        Contribution.sort_key < bindparam("end", type_=LargeBinary()),
    )
    .order_by(Contribution.sort_key)
    .limit(bindparam("most", type_=Integer()))
)
_REPLIES = Prepared(
    _PLACED.where(
        Contribution.parent_id == bindparam("parent", type_=Uuid()),
        Contribution.number.is_not(None),
        Contribution.sort_key > bindparam("start", type_=LargeBinary()),
    )
    .order_by(Contribution.sort_key)
    .limit(bindparam("most", type_=Integer()))
)
