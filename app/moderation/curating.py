"""What a moderator does with threads and passages: pin, feature, lock, move, split, merge, redact. As in actions.py."""

from typing import TYPE_CHECKING, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.consultations.floor import Floor, floor_of
from app.contributions import locks, marks, rearranging, redacting, writing
from app.contributions.submissions import ROOT_KINDS, titled
from app.language import gettext as _
from app.mailed import forgetting as mailed
from app.moderation import erasing
from app.moderation.deciding import (
    NO_GROUNDS,
    NO_OPTIONS,
    Grounds,
    Options,
    about,
    checked,
    decided,
    require_public,
    to_decide,
)
from app.moderation.models import Decision
from app.permissions import Actor, Thing, require

if TYPE_CHECKING:
    from app.contributions.models import Contribution

_MARKS: dict[str, tuple[marks.MarkKind, bool]] = {
    "pin": ("pinned", True), "unpin": ("pinned", False),
    "feature": ("featured", True), "unfeature": ("featured", False),
}  # fmt: skip


async def mark(
    act: Literal["pin", "unpin", "feature", "unfeature"], session: AsyncSession, actor: Actor, id: UUID,
    revision: UUID | None, grounds: Grounds = NO_GROUNDS, _options: Options = NO_OPTIONS,
) -> Decision:  # fmt: skip
    """Put a contribution to the top of its topic (pin) or onto the consultation's page (feature), or take it down."""
    kind, on = _MARKS[act]
    contribution, author = await _to_curate(session, actor, id, revision, kind)
    grounds = await checked(session, contribution.consultation_id, act, grounds)
    floor = await floor_of(session, topic=contribution.topic_id)
    decision = await decided(session, actor, act, grounds, about(contribution, author))
    await (marks.mark if on else marks.unmark)(session, contribution, floor, kind, decision.id)
    return decision


async def lock(
    act: Literal["lock", "unlock"], session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None,
    grounds: Grounds, _options: Options = NO_OPTIONS,
) -> Decision:  # fmt: skip
    """Let a thread take no more replies, or take them again. Raises Conflict for what starts no thread."""
    root, author = await _to_curate(session, actor, id, revision, f"{act}ed")
    grounds = await checked(session, root.consultation_id, act, grounds)
    if root.parent_id is not None:
        raise errors.Conflict(
            _(
                "Contribution %(number)s is a reply: its thread’s first one can be %(act)sed.",
                number=root.number,
                act=act,
            )
        )
    decision = await decided(session, actor, act, grounds, about(root, author))
    await (locks.lock if act == "lock" else locks.unlock)(session, root, decision.id)
    return decision


async def move(session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None, grounds: Grounds,
               options: Options = NO_OPTIONS) -> Decision:  # fmt: skip
    """Move a contribution, with all beneath it, to another topic or beneath another contribution (`options.parent`).

    A reply that is moved to where only a topic is named would start a thread: that is `split`. Raises Invalid,
    Conflict.
    """
    top, author = await _to_curate(session, actor, id, revision, "moved")
    grounds = await checked(session, top.consultation_id, "move", grounds)
    here = await floor_of(session, topic=top.topic_id)
    parent = await _numbered(session, top, options.parent, "parent")
    if parent is None and top.parent_id is not None:
        raise errors.Invalid({"parent": _("Say which contribution it is to answer; or split it off as a thread.")})
    floor = await floor_of(session, topic=parent.topic_id) if parent else await _topic(session, top, options)
    _require_there(actor, floor)
    moved = await rearranging.branch(session, top)
    if parent is not None and any(each.id == parent.id for each in moved):
        raise errors.Conflict(_("It cannot be moved beneath itself, or beneath a reply to it."))
    if top.parent_id == (parent.id if parent else None) and floor.topic == top.topic_id:
        raise errors.Conflict(_("It stands there already."))
    former = await _former(session, top, here)
    if parent is not None and top.kind != "note":
        top.kind = "reply"
    decision = await decided(session, actor, "move", grounds, about(top, author, details=former))
    await rearranging.move(session, moved, floor, rearranging.place(parent) if parent else None, decision.id)
    return decision


async def split(session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None, grounds: Grounds,
                options: Options = NO_OPTIONS) -> Decision:  # fmt: skip
    """Let a reply, with all beneath it, be a thread of its own: it needs a title, which is a new revision."""
    top, author = await _to_curate(session, actor, id, revision, "split off")
    grounds = await checked(session, top.consultation_id, "split", grounds)
    if top.parent_id is None:
        raise errors.Conflict(
            _("Contribution %(number)s starts a thread already: there is nothing to split off.", number=top.number)
        )
    title = titled(options.title)
    kind = options.kind or ROOT_KINDS[0]
    if kind not in ROOT_KINDS:
        raise errors.Invalid({"kind": _("Please choose what it is: experience, proposal, question or resource.")})
    here = await floor_of(session, topic=top.topic_id)
    floor = await _topic(session, top, options) if options.topic else here
    _require_there(actor, floor)
    former = await _former(session, top, here)
    moved = await rearranging.branch(session, top)
    decision = await decided(session, actor, "split", grounds, about(top, author, details=former))
    if top.kind != "note":
        top.kind = kind
    await writing.retitle(session, top, here, title)
    await rearranging.move(session, moved, floor, None, decision.id)
    return decision


async def merge(session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None, grounds: Grounds,
                options: Options = NO_OPTIONS) -> Decision:  # fmt: skip
    """Merge a contribution into another that says the same (`options.into`): its replies go there, and its number leads
    there. Raises Invalid, Conflict."""
    contribution, author = await _to_curate(session, actor, id, revision, "merged")
    grounds = await checked(session, contribution.consultation_id, "merge", grounds)
    into = await _numbered(session, contribution, options.into, "into")
    if into is None:
        raise errors.Invalid({"into": _("Say into which contribution it is merged, by its number.")})
    if contribution.waits_since is not None:
        raise errors.Conflict(_("An edit of this text waits: decide about it first."))
    floor = await floor_of(session, topic=into.topic_id)
    _require_there(actor, floor)
    whole = await rearranging.branch(session, contribution)
    rearranging.require_apart(whole, into)
    decision = await decided(
        session, actor, "merge", grounds, about(contribution, author, details={"into": into.number})
    )
    await rearranging.merge(session, whole, into, floor, decision.id)
    return decision


async def redact(session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None, grounds: Grounds,
                 options: Options = NO_OPTIONS) -> Decision:  # fmt: skip
    """Destroy a passage (`options.passage`): a marked gap stands in its place, and the old text is gone for good.

    What moderators wrote about the old text goes with it. Or an attached file (`options.attachment`), which goes from
    every version. Raises Invalid, Conflict.
    """
    contribution, author = await _to_curate(session, actor, id, revision, "redacted")
    grounds = await checked(session, contribution.consultation_id, "redact", grounds)
    passage = options.passage or ""
    if passage and options.attachment is not None:
        raise errors.Invalid({"attachment": _("Name either a passage or an attachment, not both.")})
    if passage and any(passage in (said or "") for said in (grounds.reason, grounds.note)):
        raise errors.Invalid({"reason": _("Do not repeat the passage here: what you write is kept.")})
    floor = await floor_of(session, topic=contribution.topic_id)
    decision = await decided(session, actor, "redact", grounds, about(contribution, author))
    await mailed.forget_texts(session, [contribution.id])
    if options.attachment is not None:
        await redacting.remove_attachment(session, contribution, floor, options.attachment, decision.id)
        return decision
    destroyed = await redacting.redact(session, contribution, floor, passage, decision.id)
    await erasing.forget_about_revisions(session, destroyed)
    return decision


async def _to_curate(
    session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None, done: str
) -> "tuple[Contribution, UUID | None]":
    contribution, author = await to_decide(session, actor, id)
    await require_public(session, contribution, revision, done)
    return contribution, author


async def _numbered(
    session: AsyncSession, near: "Contribution", number: int | None, field: str
) -> "Contribution | None":  # fmt: skip
    """The public contribution with this number in the same consultation. Raises Invalid where there is none."""
    if number is None:
        return None
    found = await writing.numbered(session, near.consultation_id, number)
    if found is None or found.status != "published":
        raise errors.Invalid(
            {field: _("There is no public contribution %(number)s in this consultation.", number=number)}
        )
    return found


async def _topic(session: AsyncSession, near: "Contribution", options: Options) -> Floor:
    if options.topic is None:
        raise errors.Invalid({"topic": _("Say to which topic, or which contribution it is to answer.")})
    try:
        return await floor_of(session, consultation=near.consultation_id, slug=options.topic)
    except errors.NotFound:
        raise errors.Invalid({"topic": _("There is no such topic in this consultation.")}) from None


def _require_there(actor: Actor, floor: Floor) -> None:
    """Raises Forbidden where the actor does not moderate the topic that something would come into."""
    require(actor, "contribution.decide", Thing(floor.consultation, topic=floor.topic))


async def _former(session: AsyncSession, top: "Contribution", here: Floor) -> dict[str, object]:
    """Where it stood, so that it can be moved back."""
    parent = await writing.parent_of(session, top)
    return {"topic": here.topic_slug, "parent": parent.number if parent else None}
