"""What the record is told of a contribution: where it stands, and what its text and files are committed by."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app import record
from app.contributions import attaching
from app.contributions.models import Contribution, Revision


def entry_of(kind: str, contribution: Contribution, **payload: Any) -> record.Draft:
    """An entry about a contribution, with the place where it stands now."""
    place = {
        "number": contribution.number, "topic": contribution.topic_id, "thread": contribution.thread_id,
        "parent": contribution.parent_id,
    }  # fmt: skip
    return record.Draft(kind, contribution.id, place | payload)


async def write(
    session: AsyncSession, turn: record.Turn, kind: str, contribution: Contribution, **payload: Any
) -> None:
    """Write such an entry in its turn."""
    await record.write(session, turn, [entry_of(kind, contribution, **payload)])


def committed(revision: Revision) -> dict[str, Any]:
    """What an entry says of a revision that becomes public."""
    return {"revision": revision.id, "hash": revision.hash, "attachments": attaching.committed(revision)}


def counted(contribution: Contribution) -> dict[str, Any]:
    """The parent's JSON changes too: its count of replies."""
    return {"related": [contribution.parent_id]} if contribution.parent_id else {}
