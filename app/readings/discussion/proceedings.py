"""The proceedings: all that is public in topics, thread by thread, each from the top down; for print."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import errors
from app.contributions.models import Publication
from app.contributions.placing import parent_number
from app.language import gettext as _
from app.language import number
from app.permissions import Actor, Thing, require
from app.readings.views import ContributionView, view

MOST = 2_000  # contributions: a thousand pages


async def proceedings(
    connection: AsyncConnection, actor: Actor, consultation: UUID, topics: Sequence[UUID], question: str | None = None
) -> dict[UUID, list[ContributionView]]:
    """Everything public in these topics, by topic; with `question` (`inclusion.a`) the threads that answer it.

    For moderators, rapporteurs and organisers. Raises Unauthenticated, Forbidden, TooLarge.
    """
    require(actor, "proceedings.print", Thing(consultation))
    return await all_said(connection, consultation, topics, question)


async def all_said(
    connection: AsyncConnection, consultation: UUID, topics: Sequence[UUID], question: str | None = None
) -> dict[UUID, list[ContributionView]]:
    """The same without asking who reads it: all of it is public. Raises TooLarge."""
    query = select(
        Publication.topic_id, Publication.document, Publication.replies, Publication.endorsements, Publication.depth,
        Publication.sort_key,
    ).where(Publication.consultation_id == consultation, Publication.topic_id.in_(topics))  # fmt: skip
    if question is not None:
        query = query.where(Publication.thread_id.in_(_answering(consultation, question)))
    rows = (await connection.execute(query.order_by(Publication.sort_key).limit(MOST + 1))).all()
    if len(rows) > MOST:
        raise errors.TooLarge(
            _("This is more than %(most)s contributions: please choose a topic or a question.", most=number(MOST))
        )
    found: dict[UUID, list[ContributionView]] = {topic: [] for topic in topics}
    for row in rows:
        above = parent_number(row.depth, row.sort_key)
        found[row.topic_id].append(view(row.document, row.replies, row.endorsements, above))
    return found


def _answering(consultation: UUID, question: str) -> Select[UUID]:
    """The threads whose beginning answers a question."""
    roots = select(Publication.thread_id).where(Publication.consultation_id == consultation)
    return roots.where(Publication.parent_id.is_(None), Publication.questions.contains([question]))
