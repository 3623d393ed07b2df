"""What a moderator decides. Every decision is a row, a public entry in the record, and a word to the author."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record, text
from app.consultations.floor import floor_of, rule_numbers
from app.contributions import publishing, writing
from app.moderation.models import Decision
from app.permissions import Actor, Thing, require
from app.record import commitments

if TYPE_CHECKING:
    from app.contributions.models import Contribution, Revision

REASON_LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why: the reason the author is told, the rule it cites, and a note for the other moderators."""

    reason: str | None = None
    rule: str | None = None
    note: str | None = None


async def approve(
    session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None, grounds: Grounds = Grounds()
) -> Decision:
    """Publish what waits. Raises Conflict where `revision` is no longer what waits, or the contribution is hidden."""
    contribution, author = await _to_decide(session, actor, id)
    waiting = await _judged(session, contribution, revision)
    grounds = await _checked(session, contribution, grounds, needed=False)
    floor = await floor_of(session, topic=contribution.topic_id)
    if contribution.status == "pending":
        await publishing.publish(session, contribution, waiting, floor, await writing.parent_of(session, contribution))
    elif contribution.status == "published":
        await publishing.revise(session, contribution, waiting, floor)
    else:
        raise errors.Conflict(
            f"This contribution is {contribution.status}: restore it before you approve an edit of it."
        )
    return await _decided(session, actor, contribution, author, "approve", grounds, revision=waiting.id, public=True)


async def reject(session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None, grounds: Grounds) -> Decision:
    """Refuse what waits, with a reason. What is public stays. Raises Conflict, Invalid."""
    contribution, author = await _to_decide(session, actor, id)
    waiting = await _judged(session, contribution, revision)
    grounds = await _checked(session, contribution, grounds)
    await writing.stop_waiting(session, contribution, "rejected")
    if contribution.status == "pending":
        contribution.status, contribution.since = "rejected", clock.now()
    return await _decided(session, actor, contribution, author, "reject", grounds, revision=waiting.id, public=False)


async def hide(session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None, grounds: Grounds) -> Decision:
    """Take a published contribution out of the public, with a reason that is shown in its place."""
    contribution, author = await _to_decide(session, actor, id)
    if contribution.status != "published":
        raise errors.Conflict(f"This contribution is {contribution.status}; only a published one can be hidden.")
    await _same_public_revision(session, contribution, revision)
    grounds = await _checked(session, contribution, grounds)
    decision = await _decided(session, actor, contribution, author, "hide", grounds, public=True)
    await publishing.unpublish(session, contribution, "hidden", decision=decision.id)
    return decision


async def restore(session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None, grounds: Grounds) -> Decision:
    """Bring a hidden contribution back, with a reason."""
    contribution, author = await _to_decide(session, actor, id)
    if contribution.status != "hidden":
        raise errors.Conflict(f"This contribution is {contribution.status}; only a hidden one can be restored.")
    await _same_public_revision(session, contribution, revision)
    grounds = await _checked(session, contribution, grounds)
    decision = await _decided(session, actor, contribution, author, "restore", grounds, public=True)
    floor = await floor_of(session, topic=contribution.topic_id)
    await publishing.restore(session, contribution, floor, decision=decision.id)
    return decision


Verb = Callable[[AsyncSession, Actor, UUID, UUID | None, Grounds], Awaitable[Decision]]
VERBS: dict[str, Verb] = {"approve": approve, "reject": reject, "hide": hide, "restore": restore}


async def _to_decide(session: AsyncSession, actor: Actor, id: UUID) -> "tuple[Contribution, UUID | None]":
    contribution, author = await writing.locked(session, id)
    thing = Thing(contribution.consultation_id, author, public=contribution.status == "published")
    writing.require_known(actor, contribution, thing)
    require(actor, "contribution.decide", thing)
    return contribution, author


async def _judged(session: AsyncSession, contribution: "Contribution", revision: UUID | None) -> "Revision":
    waiting = await writing.waiting_revision(session, contribution.id)
    if waiting is None:
        raise errors.Conflict(f"Nothing waits here any more: this contribution is {contribution.status}.")
    if revision is None:
        raise errors.Invalid({"revision": "Name the revision you judged, so that a later one is not decided unread."})
    if waiting.id != revision:
        raise errors.Conflict(
            "The author has changed the text meanwhile. Please read the new version and decide again."
        )
    return waiting


async def _same_public_revision(session: AsyncSession, contribution: "Contribution", revision: UUID | None) -> None:
    public = await publishing.public_revision(session, contribution.id)
    if revision is not None and (public is None or public.id != revision):
        raise errors.Conflict(
            "The author has changed the text meanwhile. Please read the new version and decide again."
        )


async def _checked(session: AsyncSession, contribution: "Contribution", given: Grounds, needed: bool = True) -> Grounds:
    faults: dict[str, str] = {}
    cleaned: dict[str, str | None] = {}
    for field in ("reason", "note"):
        try:
            cleaned[field] = text.paragraphs(getattr(given, field) or "") or None
        except ValueError as fault:
            faults[field] = f"This {fault}."
            continue
        if len(cleaned[field] or "") > REASON_LIMIT:
            faults[field] = f"At most {REASON_LIMIT:,} characters fit; there are {len(cleaned[field] or ''):,}."
    if needed and not cleaned.get("reason") and "reason" not in faults:
        faults["reason"] = "Please give a reason: the author is told, and the public log keeps it."
    rule = (given.rule or "").strip() or None
    if rule is not None and rule not in await rule_numbers(session, contribution.consultation_id):
        faults["rule"] = "There is no such rule in this consultation."
    if faults:
        raise errors.Invalid(faults)
    return Grounds(cleaned["reason"], rule, cleaned["note"])


async def _decided(
    session: AsyncSession, actor: Actor, contribution: "Contribution", author: UUID | None, act: str, grounds: Grounds,
    *, public: bool, revision: UUID | None = None,
) -> Decision:  # fmt: skip
    """The row, its entry and the word to the author. A decision on what was never public names only itself."""
    salt = commitments.fresh_salt()
    content = {"act": act, "rule": grounds.rule, "reason": grounds.reason}
    decision = Decision(
        consultation_id=contribution.consultation_id, contribution_id=contribution.id, revision_id=revision, act=act,
        number=contribution.number if public else None, rule=grounds.rule, reason=grounds.reason, note=grounds.note,
        salt=salt, hash=commitments.commitment(salt, content), decided_by=actor.person,
    )  # fmt: skip
    session.add(decision)
    await session.flush()
    named = {"contribution": contribution.id, "number": contribution.number} if public else {}
    decision.seq = await record.append(
        session, contribution.consultation_id, "decision.made", decision.id,
        act=act, rule=grounds.rule, hash=decision.hash, **named,
    )  # fmt: skip
    if author is not None:
        await record.append(
            session, contribution.consultation_id, "author.told", contribution.id,
            contribution=contribution.id, decision=decision.id, act=act, person=author,
        )  # fmt: skip
    await session.flush()
    return decision
