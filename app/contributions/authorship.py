"""Who wrote what is public, for letters to authors: nobody is told, and what the byline withholds stays withheld."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions.channels import OF_OTHERS
from app.contributions.models import Author, Contribution, Publication, Revision


class Wrote(NamedTuple):
    """Who wrote a public text: None without an account. `withheld` where its byline does not show the name."""

    person: UUID | None
    withheld: bool


async def who_wrote(
    session: AsyncSession, *, topic: UUID, question: str | None = None
) -> Sequence[Wrote]:  # fmt: skip
    """Who wrote in a topic, or on one of its guiding questions (`inclusion.a`), in public and by themselves."""
    found = (
        select(Author.person_id, Revision.byline != "full")
        .select_from(Publication)
        .join(Contribution, Contribution.id == Publication.contribution_id)
        .join(Revision, (Revision.contribution_id == Publication.contribution_id) & (Revision.state == "public"))
        .outerjoin(Author, Author.id == Contribution.author_id)
        .where(
            Publication.topic_id == topic,
            Publication.kind != "note",
            Contribution.channel.not_in(OF_OTHERS),
        )
        .distinct()
    )
    if question is not None:
        found = found.where(Publication.questions.contains([question]))
    return [Wrote(*row) for row in await session.execute(found)]
