"""What becomes of open flags: each is closed with an outcome, of which whoever raised it is told.

The decision that answers a flag closes it in the same transaction. What an author does, or whoever merges or redacts,
makes the rest moot or right: the worker closes those, as it follows the record.
"""

from collections.abc import Collection, Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, record
from app.moderation.models import Flag
from app.record.following import Seen

Outcome = Literal["upheld", "dismissed", "moot"]

KINDS = frozenset(f"contribution.{act}" for act in ("redacted", "withdrawn", "merged", "erased"))


async def open_on(session: AsyncSession, contributions: Collection[UUID]) -> Sequence[Flag]:
    """The open flags on these contributions, locked: to be called before any log is written to (see ARCHITECTURE)."""
    query = select(Flag).where(Flag.contribution_id.in_(contributions), Flag.closed.is_(None))
    query = query.order_by(Flag.id).with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).all()


async def close(session: AsyncSession, flags: Sequence[Flag], outcome: Outcome, decision: UUID | None = None) -> None:
    """Close these flags, all of one consultation. Appends `flag.closed` to the staff log, once for each."""
    if not flags:
        return
    for flag in flags:
        flag.outcome, flag.decision_id, flag.closed = outcome, decision, clock.now()
    await session.flush()
    turn = await record.take_turn(session, "staff", flags[0].consultation_id, entries=len(flags))
    await record.write(session, turn, [_closed(flag) for flag in flags])


async def follow(session: AsyncSession, entries: Sequence[Seen]) -> None:
    """Close what is still open on texts that were taken back, merged, erased or redacted, all in one consultation."""
    ends = {entry.subject: entry for entry in entries if entry.kind != "contribution.redacted" or _decision(entry)}
    flags = await open_on(session, ends.keys()) if ends else ()
    for id, entry in ends.items():
        outcome: Outcome = "upheld" if entry.kind == "contribution.redacted" else "moot"
        await close(session, [flag for flag in flags if flag.contribution_id == id], outcome, _decision(entry))


def _decision(entry: Seen) -> UUID | None:
    """A moderator's decision; an author who erases an earlier version needs none."""
    return UUID(entry.payload["decision"]) if "decision" in entry.payload else None


def _closed(flag: Flag) -> record.Draft:
    return record.Draft(
        "flag.closed", flag.id,
        {"contribution": flag.contribution_id, "flag": flag.id, "outcome": flag.outcome, "decision": flag.decision_id,
         "person": flag.person_id},
    )  # fmt: skip
