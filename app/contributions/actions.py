"""What a participant does with contributions. Each verb: require, change, append to the record, return.

Erasing is in `moderation/erasing.py`: with a text goes what moderators wrote about it.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.consultations.floor import Floor
from app.contributions import attaching, bylines, depositing, publishing, writing
from app.contributions.acting import note_privately, to_act_on
from app.contributions.detaching import forget_unlisted
from app.contributions.models import Contribution
from app.contributions.screening import screen
from app.contributions.sent_before import already_posted, require_same
from app.contributions.states import in_words
from app.contributions.submissions import Submission, checked
from app.language import gettext as _
from app.permissions import Actor, Thing, require


async def post(
    session: AsyncSession, actor: Actor, consultation: UUID, given: Submission,
    *, id: UUID | None = None, channel: str = "web", recommendation: int | None = None,
) -> Contribution:  # fmt: skip
    """Say something: a root contribution, or a reply where `given.parent` is set.

    A comment on a `recommendation` comes through `synthesis/commenting.py`, which knows whether that takes any.

    With `id` (a draft's) a second post of the same returns the first. Under a topic's policy `before` it waits, under
    `after` it is public at once, unless screening lets it wait. Raises Unauthenticated, Forbidden, NotFound, Closed,
    Invalid, Conflict, SentBefore.
    """
    require(actor, "contribution.post", Thing(consultation))
    if id is not None and (earlier := await already_posted(session, actor, id)):
        await require_same(session, earlier, given)
        return earlier
    parent, floor = await writing.place_of(session, consultation, given)
    if given.kind == "note":  # an opening note comes before the opening, a closing note after the end
        require(actor, "contribution.note", Thing(consultation, topic=floor.topic))
    elif recommendation is None:
        floor.require_open()
    text = checked(given, floor.questions)
    contribution, revision = await writing.compose(session, actor, floor, parent, text, id or clock.new_id(), channel)
    contribution.recommendation = recommendation
    signs = await screen(session, actor, floor, contribution, revision, given)
    await depositing.keep(session, actor, contribution, agreed=text.deposit or None)
    await writing.enter(session, contribution, revision, floor, parent, signs)
    return contribution


async def edit(
    session: AsyncSession, actor: Actor, contribution_id: UUID, based_on: int, changes: dict[str, Any]
) -> Contribution:
    """Write a new revision over revision `based_on`; `changes` has the Submission fields that are to be different.

    Under `before`, or where screening says so, it waits while the public one stays. Raises NotFound, Forbidden, Closed,
    Conflict, Invalid, and PreconditionFailed where `based_on` is no longer the latest.
    """
    contribution, floor, _owner = await to_act_on(session, actor, "contribution.edit", contribution_id)
    writing.require_editable(contribution, based_on)
    agreed = changes.get("deposit")
    answered_anew = await depositing.keep(session, actor, contribution, agreed=agreed)
    await _rewrite(session, actor, contribution, floor, changes)
    if answered_anew:
        await depositing.note(session, contribution, agreed=bool(agreed))
    return contribution


async def _rewrite(
    session: AsyncSession, actor: Actor, contribution: Contribution, floor: Floor, changes: dict[str, Any]
) -> None:
    """A new revision, where the text is to be another; a lower byline, where that is."""
    current = await writing.current_revision(session, contribution)
    given = replace(writing.submission_of(contribution, current, floor), **changes)
    text = checked(given, floor.questions)
    if text.byline != current.byline:
        await lower_byline(session, actor, contribution.id, str(text.byline))
        await session.refresh(current)
    if not writing.differs(text, current):
        return
    if contribution.kind != "note":
        floor.require_open()
    revision = await writing.next_revision(session, contribution, current, text)
    signs = await screen(session, actor, floor, contribution, revision, given)
    if contribution.status == "published" and floor.policy == "after" and not signs:
        await publishing.revise(session, contribution, revision, floor)
    else:
        await writing.let_wait(session, contribution, revision, signs)
        await forget_unlisted(session, contribution)


async def lower_byline(session: AsyncSession, actor: Actor, contribution_id: UUID, byline: str) -> Contribution:
    """Show less of who wrote, on all revisions at once. Raises Invalid where it would show more."""
    contribution, floor, _owner = await to_act_on(session, actor, "contribution.lower", contribution_id)
    current = await writing.current_revision(session, contribution)
    if byline == current.byline:
        return contribution
    if not bylines.is_lower(byline, current.byline):
        raise errors.Invalid({"byline": _("A byline can be lowered, not raised: what was withheld stays withheld.")})
    if byline == "organisation" and current.organisation_name is None:
        raise errors.Invalid({"byline": _("This was written in a personal capacity: choose “anonymous” instead.")})
    was_full = current.byline == "full"
    await bylines.lower_all(session, contribution.id, byline)
    cleaned = was_full and await attaching.lower(session, contribution.id)
    changed = ["byline", "attachments"] if cleaned else ["byline"]
    if contribution.status == "published":
        await publishing.update_public(
            session, contribution, floor, "contribution.updated", changed=changed, byline=byline
        )
    else:
        await note_privately(session, contribution, "text.updated", changed=changed, byline=byline)
    return contribution


async def withdraw(session: AsyncSession, actor: Actor, contribution_id: UUID) -> Contribution:
    """Take one's text back: it is no longer public, and its number stays with a note that it was withdrawn."""
    contribution, _floor, _owner = await to_act_on(session, actor, "contribution.withdraw", contribution_id)
    if contribution.status == "withdrawn":
        return contribution
    if contribution.status not in ("pending", "published", "hidden"):
        raise errors.Conflict(
            _("This contribution is %(status)s; it cannot be withdrawn any more.", status=in_words(contribution.status))
        )
    await writing.stop_waiting(session, contribution, "superseded")
    if contribution.number is not None:
        await publishing.unpublish(session, contribution, "withdrawn")
    else:
        contribution.status, contribution.since = "withdrawn", clock.now()
        await note_privately(session, contribution, "text.withdrawn")
    return contribution
