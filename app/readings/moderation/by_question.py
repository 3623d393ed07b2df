"""Public texts of a topic by the guiding question that they answer, or those that answer none: to be put in order."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.contributions.models import Publication
from app.readings.views import ContributionView, view

NONE, ALL = "none", "all"


async def texts(
    connection: AsyncConnection, topic: UUID, question: str, after: int, most: int
) -> list[ContributionView]:  # fmt: skip
    """At most so many, by number, beyond `after`; `question` is a key (`inclusion.a`), NONE or ALL. No notes."""
    query = select(Publication.document, Publication.replies, Publication.endorsements)
    query = query.where(Publication.topic_id == topic, Publication.number > after, Publication.kind != "note")
    if question == NONE:
        query = query.where(func.cardinality(Publication.questions) == 0)
    elif question != ALL:
        query = query.where(Publication.questions.contains([question]))
    rows = await connection.execute(query.order_by(Publication.number).limit(most))
    return [view(*row) for row in rows]
