"""What stands of a contribution's translations, as its JSON has them, and how they follow its text.

They are public in the publication alone, so that whatever takes that away takes them, too. Where a text is destroyed,
its translations are: they say the same.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.contributions.models import Revision
from app.contributions.translation_models import STANDING, Translation

Listed = list[dict[str, Any]]


async def standing(session: AsyncSession, contribution: UUID) -> Listed:
    """The translations of one contribution that the public reads while it is public, by language."""
    return (await standing_of(session, [contribution]))[contribution]


async def standing_of(session: AsyncSession, contributions: Collection[UUID]) -> dict[UUID, Listed]:
    """As `standing`, of several."""
    found: dict[UUID, Listed] = {id: [] for id in contributions}
    query = select(Translation).where(Translation.contribution_id.in_(found), Translation.status.in_(STANDING))
    for row in await session.scalars(query.order_by(Translation.language)):
        found[row.contribution_id].append(item(row))
    return found


def item(row: Translation) -> dict[str, Any]:
    """A translation as JSON. Who translated is not in it, only as what."""
    return {
        "id": str(row.id), "language": row.language, "title": row.title, "body": row.body, "html": row.html,
        "status": row.status, "revision": row.revision, "by": row.by, "machine": row.machine,
        "created": clock.iso(row.created), "updated": clock.iso(row.updated),
        "commitment": {"seq": row.seq, "salt": row.salt.hex(), "hash": row.hash.hex()} if row.seq else None,
    }  # fmt: skip


async def follow(session: AsyncSession, before: Revision | None, after: Revision) -> None:
    """A revision takes another's place. Where it says the same, so do its translations; else they are of an earlier
    version. One into what is the original's language now gives way to it."""
    its = Translation.contribution_id == after.contribution_id
    if before is not None and _says(before) == _says(after):
        await session.execute(
            update(Translation)
            .where(its, Translation.revision == before.number)
            .values(revision=after.number)
            .execution_options(synchronize_session="fetch")
        )
    if before is not None and before.language != after.language:
        await session.execute(
            update(Translation)
            .where(its, Translation.language == after.language, Translation.status.in_((*STANDING, "waiting")))
            .values(status="superseded", updated=clock.now())
            .execution_options(synchronize_session="fetch")
        )


async def forget(session: AsyncSession, contribution: UUID, revision: int | None = None) -> None:
    """Destroy the translations of a contribution, or of one of its revisions."""
    which = Translation.contribution_id == contribution
    if revision is not None:
        which &= Translation.revision == revision
    await session.execute(delete(Translation).where(which).execution_options(synchronize_session="fetch"))


def _says(revision: Revision) -> tuple[str | None, str | None]:
    return revision.title, revision.body
