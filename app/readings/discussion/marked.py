"""What moderators put before others: pinned in a topic, featured in a consultation."""

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.contributions.models import Mark, Publication
from app.readings.views import ContributionView, view

_MOST = 10


async def pinned(connection: AsyncConnection, topic: UUID) -> list[ContributionView]:
    """A topic's pinned contributions, the one pinned last first."""
    return await _marked(connection, (Mark.topic_id == topic) & (Mark.kind == "pinned"))


async def featured(connection: AsyncConnection, topics: list[UUID]) -> list[ContributionView]:
    """The featured contributions of a consultation, which has these topics."""
    return await _marked(connection, Mark.topic_id.in_(topics) & (Mark.kind == "featured"))


async def _marked(connection: AsyncConnection, which: ColumnElement[bool]) -> list[ContributionView]:
    query = (
        select(Publication.document, Publication.replies, Publication.endorsements)
        .join(Mark, Mark.contribution_id == Publication.contribution_id)
        .where(which)
        .order_by(Mark.since.desc())
        .limit(_MOST)
    )
    return [view(*row) for row in await connection.execute(query)]
