"""Flags: what participants report to moderators. Who reported is never public, nor told to the author."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors, record
from app.consultations.floor import hiding_threshold, rule_numbers
from app.contributions import publishing
from app.contributions.states import in_words
from app.language import gettext as _
from app.moderation.closing import close, open_on
from app.moderation.deciding import (
    AUTOMATIC,
    NO_OPTIONS,
    Grounds,
    Options,
    about,
    checked,
    decided,
    require_public,
    to_decide,
)
from app.moderation.models import Decision, Flag
from app.moderation.words import cleaned
from app.permissions import ANYONE, Actor

if TYPE_CHECKING:
    from app.contributions.models import Contribution, Revision


async def flag(session: AsyncSession, actor: Actor, id: UUID, rule: str | None, note: str | None) -> Flag:
    """Report a published contribution: the rule it would break, a note, or both; once while it is not dealt with.

    Where the consultation's definition says so, the report that reaches the threshold hides it. Raises NotFound,
    Unauthenticated, Forbidden, Conflict, Invalid.
    """
    contribution, author = await to_decide(session, actor, id, "contribution.flag")
    if actor.person == author:
        raise errors.Conflict(_("This is your own text: you can edit it, withdraw it or erase it."))
    revision = await publishing.public_revision(session, id)
    if contribution.status != "published" or revision is None:
        raise errors.Conflict(
            _(
                "This contribution is %(status)s; only a published one can be reported.",
                status=in_words(contribution.status),
            )
        )
    rule, note = await _checked(session, contribution.consultation_id, rule, note)
    if await _is_open(session, actor, id):
        raise errors.Conflict(_("You have reported this already. A moderator will look at it, and you will be told."))
    made = Flag(
        consultation_id=contribution.consultation_id, contribution_id=id, revision_id=revision.id,
        person_id=actor.person, rule=rule, note=note,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    await _hide_where_policy_says_so(session, contribution, revision, author)
    await record.append(
        session, contribution.consultation_id, "flag.raised", made.id,
        contribution=id, flag=made.id, person=actor.person,
    )  # fmt: skip
    return made


async def dismiss(
    session: AsyncSession, actor: Actor, id: UUID, revision: UUID | None, grounds: Grounds,
    _options: Options = NO_OPTIONS,
) -> Decision:  # fmt: skip
    """Find a reported contribution in order, with a reason: its flags are closed, and who raised them is told."""
    contribution, author = await to_decide(session, actor, id, "flag.decide")
    if contribution.status == "hidden":
        raise errors.Conflict(_("This contribution is hidden: restore it, and its flags are dismissed with that."))
    await require_public(session, contribution, revision, "found in order")
    reports = await open_on(session, (id,))
    if not reports:
        raise errors.Conflict(_("Nobody has reported this, or it is dealt with already."))
    grounds = await checked(session, contribution.consultation_id, "dismiss", grounds)
    decision = await decided(session, actor, "dismiss", grounds, about(contribution, author))
    await close(session, reports, "dismissed", decision.id)
    return decision


async def hidden_automatically(session: AsyncSession, contribution: "Contribution") -> bool:
    """Whether it is hidden by the consultation's policy, and no moderator has said so yet."""
    if contribution.status != "hidden":
        return False
    hiding = select(Decision.role).where(Decision.contribution_id == contribution.id, Decision.act == "hide")
    return await session.scalar(hiding.order_by(Decision.id.desc()).limit(1)) == AUTOMATIC


async def _checked(
    session: AsyncSession, consultation: UUID, rule: str | None, note: str | None
) -> tuple[str | None, str | None]:  # fmt: skip
    faults: dict[str, str] = {}
    rule, note = (rule or "").strip() or None, cleaned("note", note, faults)
    if rule is not None and rule not in await rule_numbers(session, consultation):
        faults["rule"] = _("There is no such rule in this consultation.")
    if not (rule or note or faults):
        faults["note"] = _("Please choose the rule that it breaks, or write what is wrong, or both.")
    if faults:
        raise errors.Invalid(faults)
    return rule, note


async def _is_open(session: AsyncSession, actor: Actor, contribution: UUID) -> bool:
    mine = select(Flag.id).where(Flag.contribution_id == contribution, Flag.person_id == actor.person)
    return await session.scalar(mine.where(Flag.closed.is_(None))) is not None


async def _hide_where_policy_says_so(
    session: AsyncSession, contribution: "Contribution", revision: "Revision", author: UUID | None
) -> None:
    """The flags stay open: a moderator looks at it all the same, and restores it or says that it stays hidden."""
    threshold = await hiding_threshold(session, contribution.consultation_id)
    if threshold is None or await _reports(session, revision.id) < threshold:
        return
    if await _was_looked_at(session, contribution.id, revision.published):
        return
    grounds = Grounds(
        reason=f"{threshold} participants have reported it. By the rules of this consultation that hides it until a "
        "moderator has looked at it."
    )
    decision = await decided(session, ANYONE, "hide", grounds, about(contribution, author))
    await publishing.unpublish(session, contribution, "hidden", decision=decision.id)


async def _reports(session: AsyncSession, revision: UUID) -> int:
    counted = select(func.count()).where(Flag.revision_id == revision, Flag.closed.is_(None))
    return int(await session.scalar(counted) or 0)


async def _was_looked_at(session: AsyncSession, contribution: UUID, since: datetime | None) -> bool:
    """Whether a moderator found this very text in order: then no number of flags hides it by itself."""
    cleared = select(Decision.id).where(
        Decision.contribution_id == contribution, Decision.act.in_(("dismiss", "restore"))
    )
    return await session.scalar((cleared.where(Decision.decided >= since) if since else cleared).limit(1)) is not None
