"""Sample texts: posted as anybody posts, but with dates and tags of their own."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.contributions import writing
from app.contributions.models import Contribution
from app.contributions.submissions import Submission, checked
from app.permissions import Actor, Thing, require


async def post_sample(
    session: AsyncSession, actor: Actor, consultation: UUID, given: Submission, created: datetime, tags: Sequence[str]
) -> tuple[Contribution, UUID]:
    """As `actions.post`, for a text of the sample. Returns it with its revision, for whoever approves it."""
    require(actor, "contribution.note" if given.kind == "note" else "contribution.post", Thing(consultation))
    parent, floor = await writing.place_of(session, consultation, given)
    text = checked(given, floor.questions)
    contribution, revision = await writing.compose(session, actor, floor, parent, text, clock.new_id(), "web")
    contribution.created = revision.created = created
    contribution.tags = list(tags)
    await writing.enter(session, contribution, revision, floor, parent)
    return contribution, revision.id
