"""One contribution in its thread: what it answers, and a page of what is beneath it, in reading order.

All is read in one query, which sees one state. What the consultation says of itself is known from before, unless the
record says that it has changed: then it is read in one snapshot with the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from app import errors
from app.contributions.fragment import OPEN
from app.contributions.models import Contribution
from app.contributions.placing import CARRIED_LEVELS, parent_number
from app.database import Database
from app.database.prepared import Driver, Row
from app.language import gettext as _
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.discussion import thread_queries
from app.readings.views import ContributionView, gap, view

PAGE = 100
_NUMBERS = 2**31  # what fits in its column
_ITEM = f"{OPEN}item:".encode()


@dataclass(frozen=True, slots=True)
class Beneath:
    """What is beneath a contribution, or as much of it as is on a page.

    Each of the joined `pieces` stands between two open places, `item:reply 2` (its kind, and two levels beneath) and
    `end:`. Of what is no longer public there is one alone, `item:gap 17` (its number).
    """

    pieces: bytes = b""
    numbers: Sequence[int] = ()
    depths: Sequence[int] = ()
    gaps: Mapping[int, ContributionView] = field(default_factory=dict)  # by number


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A contribution in its thread: root, what it replies to, and a page of what is beneath it in reading order."""

    focus: ContributionView
    root: ContributionView  # the focus itself where that is a root
    parent: ContributionView | None  # what the focus replies to
    beneath: Beneath
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
    A contribution that is no longer public is there as a gap. One query, whatever the size (two beneath the level
    down to which keys tell who is beneath whom). Raises NotFound.
    """
    async with database.asking() as driver:
        rows = await _rows(driver, slug, number, after, direct)
    consultation = consultations.known(rows[0]["consultation"], rows[0]["size"], rows[0]["defined"])
    if consultation is None:
        async with database.reading() as connection:
            consultation = await consultations.consultation(connection, slug)
            driver = (await connection.get_raw_connection()).driver_connection
            rows = await _rows(driver, slug, number, after, direct)
    return consultation, _page(rows, after)


async def focus(connection: AsyncConnection, consultation: UUID, number: int) -> tuple[ContributionView, UUID]:
    """Contribution `number`, or the gap it left, and its topic. Raises NotFound."""
    row = None
    if 0 < number < _NUMBERS:
        row = await thread_queries.AROUND.row(connection, consultation=consultation, number=number)
    if row is None:
        raise _nothing(number)
    return _view(row), row["topic_id"]


async def _rows(driver: Driver, slug: str, number: int, after: int | None, direct: bool) -> Sequence[Row]:
    """What is near the contribution, one of it with what is beneath. Raises NotFound."""
    start = number if after is None else after
    values = {"slug": slug, "number": number, "after": start if 0 < start < _NUMBERS else 0, "most": PAGE + 1}
    rows: Sequence[Row] = ()
    if 0 < number < _NUMBERS and "\x00" not in slug:
        rows = await (thread_queries.REPLIES if direct else thread_queries.BENEATH).rows(driver, **values)
    if not rows:
        raise _nothing(number)
    if rows[0]["start_thread"] is None:
        raise _nothing(start)
    if rows[0]["start_thread"] != rows[0]["thread_id"]:
        raise errors.NotFound(_("There is no such page of this thread."))
    if not direct and rows[0]["top_depth"] >= CARRIED_LEVELS - 1:  # where keys do not tell any more
        return await _rows(driver, slug, number, after, direct=True)
    return rows


def _page(rows: Sequence[Row], after: int | None) -> ThreadPage:
    top = next(row for row in rows if row["is_top"])
    is_told = 0 < top["depth"] < CARRIED_LEVELS
    beneath, next_after = _beneath(top)
    return ThreadPage(
        focus=_view(top),
        root=_view(next(row for row in rows if row["is_root"])),
        parent=_view(next(row for row in rows if row["is_parent"])) if is_told else None,
        beneath=beneath,
        first=after is None,
        next_after=next_after,
        topic_id=top["topic_id"],
        locked=top["locked"],
        has_outcome=top["has_outcome"],
    )


def _beneath(top: Row) -> tuple[Beneath, int | None]:
    """A page of what is beneath, and the number after which it goes on."""
    pieces, numbers, depths = top["pieces"], top["numbers"], top["depths"]
    if not numbers:
        return Beneath(), None
    gaps = {gap[1]: _gap(*gap) for gap in top["gaps"] or ()}
    if len(numbers) <= PAGE:
        return Beneath(pieces, numbers, depths, gaps), None
    return Beneath(pieces[: pieces.rindex(_ITEM)], numbers[:PAGE], depths[:PAGE], gaps), numbers[PAGE - 1]


def _view(row: Row) -> ContributionView:
    """From a row of what is near; its content is the whole document."""
    document, depth, key = row["document"], row["depth"], row["sort_key"]
    if document is None:
        return _gap(row["id"], row["number"], row["status"], depth, key, row["since"], row["rule"], row["reason"])
    return view(document, row["replies"], row["endorsements"], parent_number(depth, key), row["endorsers"])


def _gap(
    id: UUID, number: int, status: str, depth: int, key: bytes, since: datetime, rule: str | None, reason: str | None
) -> ContributionView:
    return gap(id=id, number=number, status=status, depth=depth, parent_number=parent_number(depth, key), since=since,
               rule=rule, reason=reason)  # fmt: skip


def _nothing(number: int) -> errors.NotFound:
    return errors.NotFound(_("There is no contribution %(number)s in this consultation.", number=number))
