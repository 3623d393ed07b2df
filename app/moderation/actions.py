"""What a moderator decides about texts. Each verb: require, change, append to the record, return.

Every decision is a row, a public entry in the record, and a word to the author (deciding.py). What moderators do with
threads is in curating.py, with people in people.py; what participants ask of them in flags.py and appeals.py.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.consultations.floor import floor_of
from app.contributions import publishing, writing
from app.contributions.cataloguing import catalogue
from app.contributions.states import in_words
from app.endorsements.keeping import support_of
from app.language import gettext as _
from app.moderation import curating, people
from app.moderation.closing import close, open_on
from app.moderation.deciding import (
    NO_GROUNDS,
    NO_OPTIONS,
    Grounds,
    Options,
    about,
    checked,
    decided,
    judged,
    require_public,
    require_same,
    to_decide,
)
from app.moderation.flags import dismiss, hidden_automatically
from app.moderation.models import Decision
from app.permissions import Actor


async def approve(
    session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None, grounds: Grounds = NO_GROUNDS,
    options: Options = NO_OPTIONS,
) -> Decision:  # fmt: skip
    """Publish what waits, catalogued anew where the options say so. Its words stay as they are.

    Raises Invalid, and Conflict where `revision` is no longer what waits, or the contribution is hidden.
    """
    contribution, author = await to_decide(session, actor, id)
    waiting = await judged(session, contribution, revision)
    grounds = await checked(session, contribution.consultation_id, "approve", grounds)
    floor = await floor_of(session, topic=contribution.topic_id)
    changed = catalogue(contribution, waiting, floor, options.catalogued)
    if contribution.status == "pending":
        await publishing.publish(session, contribution, waiting, floor, await writing.parent_of(session, contribution))
    elif contribution.status == "published":
        await publishing.revise(session, contribution, waiting, floor)
    else:
        raise errors.Conflict(
            _(
                "This contribution is %(status)s: restore it before you approve an edit of it.",
                status=in_words(contribution.status),
            )
        )
    return await decided(
        session,
        actor,
        "approve",
        grounds,
        about(contribution, author, waiting.id, details={"changed": changed} if changed else None),
    )


async def ask(
    session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None, grounds: Grounds,
    _options: Options = NO_OPTIONS,
) -> Decision:  # fmt: skip
    """Ask the author to change what waits: it leaves the queue until they have. What is public stays."""
    contribution, author = await to_decide(session, actor, id)
    waiting = await judged(session, contribution, revision)
    grounds = await checked(session, contribution.consultation_id, "ask", grounds)
    await writing.stop_waiting(session, contribution, "superseded")
    return await decided(session, actor, "ask", grounds, about(contribution, author, waiting.id, public=False))


async def reject(
    session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None, grounds: Grounds,
    _options: Options = NO_OPTIONS,
) -> Decision:  # fmt: skip
    """Refuse what waits, with a reason. What is public stays. Raises Conflict, Invalid."""
    contribution, author = await to_decide(session, actor, id)
    waiting = await judged(session, contribution, revision)
    grounds = await checked(session, contribution.consultation_id, "reject", grounds)
    await writing.stop_waiting(session, contribution, "rejected")
    if contribution.status == "pending":
        contribution.status, contribution.since = "rejected", clock.now()
    return await decided(session, actor, "reject", grounds, about(contribution, author, waiting.id, public=False))


async def hide(
    session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None, grounds: Grounds,
    _options: Options = NO_OPTIONS,
) -> Decision:  # fmt: skip
    """Take a published contribution out of the public, with a reason that is shown in its place.

    Of what flags have hidden by themselves it says that it stays hidden, and why.
    """
    contribution, author = await to_decide(session, actor, id)
    confirms = await hidden_automatically(session, contribution)
    await (require_same(session, contribution, revision) if confirms
           else require_public(session, contribution, revision, "hidden"))  # fmt: skip
    reports = await open_on(session, (id,))
    grounds = await checked(session, contribution.consultation_id, "hide", grounds)
    decision = await decided(session, actor, "hide", grounds, about(contribution, author))
    if not confirms:
        await publishing.unpublish(session, contribution, "hidden", decision=decision.id)
    await close(session, reports, "upheld", decision.id)
    return decision


async def restore(
    session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None, grounds: Grounds,
    _options: Options = NO_OPTIONS,
) -> Decision:  # fmt: skip
    """Bring a hidden contribution back, with a reason."""
    contribution, author = await to_decide(session, actor, id)
    if contribution.status != "hidden":
        raise errors.Conflict(
            _(
                "This contribution is %(status)s; only a hidden one can be restored.",
                status=in_words(contribution.status),
            )
        )
    await require_same(session, contribution, revision)
    reports = await open_on(session, (id,))
    grounds = await checked(session, contribution.consultation_id, "restore", grounds)
    decision = await decided(session, actor, "restore", grounds, about(contribution, author))
    floor = await floor_of(session, topic=contribution.topic_id)
    support = await support_of(session, contribution.id)
    await publishing.restore(session, contribution, floor, support, decision=decision.id)
    await close(session, reports, "dismissed", decision.id)
    return decision


Verb = Callable[..., Awaitable[Decision]]
VERBS: dict[str, Verb] = {
    "approve": approve, "ask": ask, "reject": reject, "hide": hide, "restore": restore,
    "redact": curating.redact, "move": curating.move, "split": curating.split, "merge": curating.merge,
    **{act: partial(curating.mark, act) for act in ("pin", "unpin", "feature", "unfeature")},
    **{act: partial(curating.lock, act) for act in ("lock", "unlock")},
    "dismiss": dismiss, "warn": people.warn, "suspend": people.suspend, "lift": people.lift, "reveal": people.reveal,
}  # fmt: skip
