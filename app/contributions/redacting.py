"""A passage of a public text destroyed: a new revision has a marked gap instead, and older ones that held it go.

Or a file that is attached to it.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.consultations.floor import Floor, floor_of
from app.contributions import detaching, publishing, screening, translated, writing
from app.contributions.acting import note_privately
from app.contributions.erasing import NOTHING
from app.contributions.models import Contribution, Revision
from app.language import gettext as _

GAP = "█████"  # in every language
_SHORTEST = 2  # characters: a letter would be cut out everywhere


async def redact(
    session: AsyncSession, contribution: Contribution, floor: Floor, passage: str, decision: UUID
) -> Sequence[UUID]:  # fmt: skip
    """Cut a passage out, wherever it stands in title and text; return the revisions that were destroyed.

    Translations are destroyed, all of them: nobody can tell where they say it.

    Appends `contribution.redacted`, and `text.erased` for each that was destroyed, from which a restore repeats it.
    Raises Invalid where the passage is not there, Conflict while an edit waits.
    """
    public = await publishing.public_revision(session, contribution.id)
    assert public is not None  # the caller has seen that it is published
    if contribution.waits_since is not None:
        raise errors.Conflict(_("An edit of this text waits: decide about it first."))
    _require_there(passage, public)
    given = writing.submission_of(contribution, public, floor)
    revision = await writing.next_revision(session, contribution, public, writing.without(given, passage, GAP))
    await translated.forget(session, contribution.id)
    await publishing.revise(session, contribution, revision, floor, "contribution.redacted", decision=decision)
    await session.flush()
    holds = or_(Revision.title.contains(passage, autoescape=True), Revision.body.contains(passage, autoescape=True))
    destroyed = (
        await session.scalars(
            update(Revision)
            .where(Revision.contribution_id == contribution.id, Revision.id != revision.id, holds)
            .values(NOTHING)
            .returning(Revision.id)
            .execution_options(synchronize_session="fetch")
        )
    ).all()
    await screening.forget_revisions(session, destroyed)
    await detaching.forget_unlisted(session, contribution)
    for id in destroyed:
        await note_privately(session, contribution, "text.erased", revision=id, decision=decision)
    return destroyed


async def remove_attachment(
    session: AsyncSession, contribution: Contribution, floor: Floor, attachment: UUID, decision: UUID
) -> None:
    """Destroy a file, and take it from every version: the text stands without it in a new one.

    Appends `contribution.redacted`, and `text.erased`, from which a restore repeats it. Raises Invalid where it is not
    attached, Conflict while an edit waits.
    """
    public = await publishing.public_revision(session, contribution.id)
    assert public is not None  # the caller has seen that it is published
    if contribution.waits_since is not None:
        raise errors.Conflict(_("An edit of this text waits: decide about it first."))
    if str(attachment) not in {each["id"] for each in public.attachments}:
        raise errors.Invalid({"attachment": _("This file is not attached to the text that is public.")})
    given = replace(writing.submission_of(contribution, public, floor), detached=frozenset((attachment,)))
    revision = await writing.next_revision(session, contribution, public, given)
    await publishing.revise(session, contribution, revision, floor, "contribution.redacted", decision=decision)
    await session.flush()
    await detaching.strike(session, contribution.id, attachment)
    await note_privately(session, contribution, "text.erased", attachment=attachment, decision=decision)


async def repeat_removal(session: AsyncSession, id: UUID, attachment: UUID) -> None:
    """Destroy a file again, in an older state of the database. Raises NotFound."""
    contribution, _owner = await writing.locked(session, id)
    await detaching.strike(session, id, attachment)
    if contribution.status == "published":
        floor = await floor_of(session, topic=contribution.topic_id)
        await publishing.update_public(session, contribution, floor, "contribution.updated", changed=["attachments"])


def _require_there(passage: str, revision: Revision) -> None:
    if len(passage.strip()) < _SHORTEST:
        raise errors.Invalid({"passage": _("Please copy the passage that is to go, at least two characters.")})
    if passage not in (revision.body or "") and passage not in (revision.title or ""):
        raise errors.Invalid({"passage": _("These words are not in the text: please copy them exactly as they stand.")})
