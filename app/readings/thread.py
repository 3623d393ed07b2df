"""One contribution in its thread: what it answers, and a page of what is beneath it, in reading order.

Every change of what is public grows the record. So queries that see a record of the same size see the same state, and
need no transaction around them; where they do not, all is read again in one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from app import errors
from app.contributions.models import Contribution
from app.contributions.placing import CARRIED_LEVELS, after_all_beneath, parent_number
from app.database import Database
from app.database.prepared import Driver, Row
from app.language import gettext as _
from app.readings import consultations, thread_queries
from app.readings.consultations import ConsultationView
from app.readings.views import ContributionView, gap, view

PAGE = 100
_NUMBERS = 2**31  # what fits in its column
_LAST_KEY = b"\xff"


class Item(NamedTuple):
    """Something beneath a contribution: the piece of a page that it is, or a gap."""

    number: int
    depth: int
    is_note: bool
    piece: bytes
    gap: ContributionView | None


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A contribution in its thread: root, what it replies to, and a page of what is beneath it in reading order."""

    focus: ContributionView
    root: ContributionView  # the focus itself where that is a root
    parent: ContributionView | None  # what the focus replies to
    items: Sequence[Item]  # beneath the focus
    first: bool  # whether the page begins at the focus
    next_after: int | None  # the number to continue after
    topic_id: UUID
    locked: bool  # takes no more replies
    has_outcome: bool  # what became of it is public


async def survivor(connection: AsyncConnection, merged: UUID) -> int | None:
    """The number under which a contribution that was merged lives on; None for what was not."""
    into = aliased(Contribution)
    query = select(into.number).join(Contribution, Contribution.merged_into == into.id).where(Contribution.id == merged)
    number: int | None = await connection.scalar(query)
    return number


async def page(
    database: Database, slug: str, number: int, after: int | None = None, direct: bool = False
) -> tuple[ConsultationView, ThreadPage]:
    """The consultation, and contribution `number` with one page of what is beneath it, after contribution `after`.

    All of it, or the `direct` replies alone.
    A contribution that is no longer public is there as a gap. Two queries (three with `after`), whatever the size.
    Raises NotFound.
    """
    async with database.asking() as driver:
        found = await _read(driver, slug, number, after, direct)
    if found is not None:
        return found
    async with database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        driver = (await connection.get_raw_connection()).driver_connection
        found = await _read(driver, slug, number, after, direct, consultation)
    if found is None:
        raise LookupError("a snapshot shows one state")
    return found


async def focus(connection: AsyncConnection, consultation: UUID, number: int) -> tuple[ContributionView, UUID]:
    """Contribution `number`, or the gap it left, and its topic. Raises NotFound."""
    query, values = thread_queries.AROUND, {"consultation": consultation, "numbers": [number]}
    rows = (await connection.execute(query, values)).all() if 0 < number < _NUMBERS else []
    if not rows:
        raise _nothing(number)
    return _view(rows[0]), rows[0].topic_id


async def _read(
    driver: Driver, slug: str, number: int, after: int | None, direct: bool, known: ConsultationView | None = None
) -> tuple[ConsultationView, ThreadPage] | None:
    """None where it has to be read in one snapshot: the record grew meanwhile, or the consultation is not known."""
    top = await _position(driver, slug, number)
    start = await _position(driver, slug, after) if after is not None else top
    if start["thread_id"] != top["thread_id"]:
        raise errors.NotFound(_("There is no such page of this thread."))
    consultation = known or consultations.known(top["consultation"], top["size"], top["defined"])
    if consultation is None:
        return None
    way = [top["sort_key"][at : at + 4] for at in range(0, len(top["sort_key"]), 4)]
    around = [int.from_bytes(each, "big") for each in way[:-1]]  # from the root down to what it replies to
    near, beneath, size = await _rows(driver, top, start["sort_key"], {number, *around[:1], *around[-1:]}, direct)
    if size != top["size"]:
        return None
    return consultation, ThreadPage(
        focus=near[number],
        root=near[around[0]] if around else near[number],
        parent=near[around[-1]] if around and top["depth"] < CARRIED_LEVELS else None,
        items=[_item(row) for row in beneath[:PAGE]],
        first=after is None,
        next_after=beneath[PAGE - 1]["number"] if len(beneath) > PAGE else None,
        topic_id=top["topic_id"],
        locked=top["locked"],
        has_outcome=top["has_outcome"],
    )


async def _position(driver: Driver, slug: str, number: int) -> Row:
    row = None
    if 0 < number < _NUMBERS and "\x00" not in slug:
        row = await thread_queries.POSITION.row(driver, slug=slug, number=number)
    if row is None:
        raise _nothing(number)
    return row


async def _rows(
    driver: Driver, top: Row, start: bytes, around: set[int], direct: bool
) -> tuple[dict[int, ContributionView], list[Row], int]:
    """The contributions with these numbers, what is beneath the top after `start`, and the record's size."""
    values = {"consultation": top["consultation"], "numbers": list(around), "start": start,
              "most": PAGE + 1}  # fmt: skip
    if direct or top["depth"] >= CARRIED_LEVELS - 1:  # where keys do not tell any more who is beneath whom
        rows = await thread_queries.REPLIES.rows(driver, parent=top["id"], **values)
    else:
        end = after_all_beneath(top["sort_key"]) or _LAST_KEY
        rows = await thread_queries.BENEATH.rows(driver, thread=top["thread_id"], end=end, **values)
    near = {row["number"]: _view(row) for row in rows if row["near"]}
    beneath = sorted((row for row in rows if not row["near"]), key=_by_place)
    return near, beneath, rows[0]["size"]


def _by_place(row: Row) -> bytes:
    key: bytes = row["sort_key"]
    return key


def _item(row: Row) -> Item:
    """From a row beneath; what is no longer public has no content."""
    _near, id, number, depth, key, kind, status, since, content, *_counts, rule, reason, _size = row
    if content is not None:
        return Item(number, depth, kind == "note", content, None)
    gap = _gap(id, number, status, depth, parent_number(depth, key), since, rule, reason)
    return Item(number, depth, False, b"", gap)


def _view(row: Row) -> ContributionView:
    """From a row around; its content is the whole document."""
    _near, id, number, depth, key, _kind, status, since, document, replies, people, endorsers, rule, reason = row[:14]
    parent = parent_number(depth, key)
    if document is not None:
        return view(document, replies, people, parent, endorsers)
    return _gap(id, number, status, depth, parent, since, rule, reason)


def _gap(
    id: UUID, number: int, status: str, depth: int, parent: int | None, since: datetime, rule: str | None,
    reason: str | None,
) -> ContributionView:  # fmt: skip
    return gap(id=id, number=number, status=status, depth=depth, parent_number=parent, since=since, rule=rule,
               reason=reason)  # fmt: skip


def _nothing(number: int) -> errors.NotFound:
    return errors.NotFound(_("There is no contribution %(number)s in this consultation.", number=number))
