"""A form that was sent before: what was sent twice is posted once, and what was changed in between is not lost."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.consultations.floor import floor_of
from app.contributions import bylines, depositing, writing
from app.contributions.models import Author, Contribution, Revision
from app.contributions.states import in_words
from app.contributions.submissions import Submission, checked
from app.language import gettext as _
from app.permissions import Actor


async def already_posted(session: AsyncSession, actor: Actor, id: UUID) -> Contribution | None:
    """The contribution with this id, if this person posted it already: a form sent twice posts once.

    Of two posts at once the second waits here until the first is committed. Raises SentBefore where what was posted is
    no longer there, or is not theirs: whose an erased text was, nobody knows.
    """
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(id), 0))))
    found = (
        await session.execute(
            select(Contribution, Author.person_id).outerjoin(Author, Author.id == Contribution.author_id)
            .where(Contribution.id == id)
        )
    ).one_or_none()  # fmt: skip
    if found is None:
        return None
    if found.person_id != actor.person:
        used = _("This form was used before, and what was sent is not there. Sent once more, it becomes a new text.")
        raise errors.SentBefore(used, which=None)
    contribution: Contribution = found[0]
    if contribution.status not in ("pending", "published"):
        status = in_words(contribution.status)
        gone = _(
            "This was sent already, and is %(status)s by now. Sent once more, it becomes a new text.", status=status
        )
        raise errors.SentBefore(gone, which=None)
    return contribution


async def require_same(session: AsyncSession, earlier: Contribution, given: Submission) -> None:
    """Raises SentBefore where the form says anything else than it did when it was sent first; Invalid."""
    first = (
        await session.scalars(
            select(Revision).where(Revision.contribution_id == earlier.id, Revision.number == 1)
        )
    ).one()  # fmt: skip
    floor = await floor_of(session, topic=earlier.topic_id)
    said = checked(given, floor.questions, is_reply=earlier.parent_id is not None)
    reads_otherwise = said.kind != earlier.kind or writing.differs(said, first, files=False)
    if reads_otherwise or _adds(said, first) or await _agrees_otherwise(session, said, first):
        raise errors.SentBefore(
            _("This was sent already; you changed it since. Send it as an edit."), which=earlier.number or earlier.id
        )


def _adds(said: Submission, first: Revision) -> bool:
    """Whether there are more files than were sent first, or less is to be shown of who wrote it."""
    names_less = said.byline is not None and bylines.is_lower(said.byline, first.byline)
    for_nobody = said.capacity == "personal" and first.organisation_name is not None
    return names_less or for_nobody or len(said.files) > len(first.attachments)


async def _agrees_otherwise(session: AsyncSession, said: Submission, first: Revision) -> bool:
    if said.deposit is None:
        return False
    agreed = await depositing.agreed_among(session, [first.contribution_id])
    return said.deposit != bool(agreed)
