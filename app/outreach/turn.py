"""One at a time: whoever invites, answers or forgets waits here for the others, before any log is written to.

So nobody is invited in the moment in which they decline, and who leaves is not written to.
"""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

_TURN = 7_526_456  # any number that no other advisory lock of ours has


async def take_turn(session: AsyncSession) -> None:
    """Wait for one's turn, and keep it until the commit."""
    await session.execute(select(func.pg_advisory_xact_lock(_TURN)))
