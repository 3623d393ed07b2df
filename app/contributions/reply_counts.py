"""How many replies a contribution has, kept on its public row. Written through publishing.py alone."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions.models import Contribution, Publication


async def count_reply(session: AsyncSession, parent: UUID | None, change: int, seq: int) -> None:
    """So many replies more (or fewer) beneath a parent; None for a root. Entry `seq` names it as `related`."""
    await session.flush()
    if parent is not None:
        await session.execute(
            update(Publication)
            .where(Publication.contribution_id == parent)
            .values(replies=Publication.replies + change, seq=seq)
        )


async def count_replies(session: AsyncSession, counted: Sequence[dict[str, Any]]) -> None:
    """As `count_reply`, of several: each has `parent`, `more` and the `last` entry about it."""
    if counted:
        connection = await session.connection()
        await connection.execute(
            update(Publication)
            .where(Publication.contribution_id == bindparam("parent"))
            .values(replies=Publication.replies + bindparam("more"), seq=bindparam("last")),
            counted,
        )


async def replies_of(session: AsyncSession, contribution: UUID) -> int:
    """How many public replies a contribution has, counted."""
    counted = select(func.count()).where(Contribution.parent_id == contribution, Contribution.status == "published")
    return int(await session.scalar(counted) or 0)
