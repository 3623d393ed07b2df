"""Appeals: an author asks, once for each decision, that it be looked at again; somebody else than who decided answers.

Reasons of outcomes are committed as those of decisions are: SHA-256(salt || RFC 8785 JSON of {outcome, reason}).
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app import clock, errors, record
from app.accounts.roles import holders
from app.consultations.floor import floor_of
from app.contributions import publishing, writing
from app.contributions.states import in_words
from app.endorsements.keeping import support_of
from app.language import gettext as _
from app.moderation.closing import close, open_on
from app.moderation.deciding import Grounds, about, checked, decided, role_of, to_decide
from app.moderation.models import Appeal, Decision
from app.moderation.words import cleaned
from app.permissions import Actor, Thing, require
from app.record import commitments

if TYPE_CHECKING:
    from app.contributions.models import Contribution

APPEALABLE = ("reject", "hide", "redact")
OUTCOMES = ("upheld", "overturned")
STANDING = ("published", "hidden", "rejected")  # states of a text in which an appeal can be answered
DECIDERS = ("moderator", "organiser")

_Later = aliased(Decision)
_CONFIRMED_BY = (
    select(_Later.decided_by)
    .where(_Later.contribution_id == Decision.contribution_id, _Later.act == Decision.act)
    .order_by(_Later.id.desc())
    .limit(1)
    .correlate(Decision)
    .scalar_subquery()
)
# Of a decision, for queries: who made it. What came by itself, a moderator may have confirmed.
DECIDER = func.coalesce(Decision.decided_by, _CONFIRMED_BY)


def in_effect(status: str, rejected: UUID | None, decisions: Sequence[Decision]) -> list[Decision]:
    """Those of a text's decisions, given newest first, against which its author can appeal: what they did still holds.

    `rejected` is the newest revision, where that was rejected.
    """
    last_hiding = next((one for one in decisions if one.act == "hide"), None)

    def holds(one: Decision) -> bool:
        if one.act == "hide":
            return one is last_hiding and status == "hidden"
        if one.act == "reject":
            return one.revision_id == rejected and rejected is not None and status in ("rejected", "published")
        return one.act == "redact" and status == "published"

    return [one for one in decisions if holds(one)]


async def appeal(session: AsyncSession, actor: Actor, id: UUID, words: str, decision: UUID | None = None) -> Appeal:
    """Ask that a decision on one's text be looked at again: the newest that holds, unless `decision` names another.

    Raises NotFound, Unauthenticated, Forbidden, Invalid; Conflict where nothing holds, or for a second appeal.
    """
    contribution, _author = await to_decide(session, actor, id, "appeal.make")
    appealed = await _to_appeal(session, contribution, decision)
    faults: dict[str, str] = {}
    clean = cleaned("words", words, faults)
    if clean is None and not faults:
        faults["words"] = _("Please say why this should be decided otherwise.")
    if faults:
        raise errors.Invalid(faults)
    made = Appeal(
        consultation_id=contribution.consultation_id, contribution_id=id, decision_id=appealed.id,
        person_id=actor.person, number=appealed.number, words=clean,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    made.seq = await record.append(
        session, made.consultation_id, "appeal.made", made.id, decision=appealed.id, **_named(made)
    )
    await record.append(
        session, made.consultation_id, "appeal.waits", made.id, contribution=id, appeal=made.id, decision=appealed.id
    )
    await session.flush()
    return made


async def decide_appeal(session: AsyncSession, actor: Actor, id: UUID, outcome: str, reason: str | None) -> Appeal:
    """Answer an appeal with a reason. Overturned: what was hidden is restored, what was rejected is published;
    of a redacted text nothing is left to restore, but its author may write it anew.

    Raises NotFound, Unauthenticated, Invalid; Forbidden for who made the decision, while anybody else could answer;
    Conflict where it is answered already, or the text is not there any more.
    """
    contribution, given, appealed = await _to_answer(session, id)
    decider = await session.scalar(select(DECIDER).where(Decision.id == appealed.id))
    deciders = await holders(session, given.consultation_id, DECIDERS, contribution.topic_id)
    thing = to_judge(deciders, given, decider, contribution.topic_id)
    writing.require_known(actor, contribution, thing)
    require(actor, "appeal.decide", thing)
    grounds = await _checked(session, contribution, given, appealed, outcome, reason)
    reports = await open_on(session, (contribution.id,))
    restored = None
    if outcome == "overturned" and appealed.act == "hide" and contribution.status == "hidden":
        restored = await _restore(session, actor, contribution, grounds)
    elif outcome == "overturned" and appealed.act == "reject":
        await _publish(session, actor, contribution, appealed)
    role = role_of(actor, given.consultation_id, contribution.topic_id)
    await _answer(session, actor, role, given, outcome, grounds, by_same=actor.person == decider)
    if restored is not None:
        await close(session, reports, "dismissed", restored.id)
    return given


def to_judge(deciders: Collection[UUID], given: Appeal, decider: UUID | None, topic: UUID) -> Thing:
    """An appeal as the rules need to know it: who decided, and whether nobody else could look at it again.

    `deciders` are all who hold one of the roles DECIDERS in its consultation, or in the topic of its text.
    """
    others = set(deciders) - {decider, given.person_id}
    return Thing(given.consultation_id, given.person_id, decider=decider, alone=not others, topic=topic)


async def _to_appeal(session: AsyncSession, contribution: "Contribution", wanted: UUID | None) -> Decision:
    newest = await writing.latest_revision(session, contribution)
    rejected = newest.id if newest.state == "rejected" else None
    query = select(Decision).where(Decision.contribution_id == contribution.id, Decision.act.in_(APPEALABLE))
    decisions = (await session.scalars(query.order_by(Decision.id.desc()))).all()
    holding = in_effect(contribution.status, rejected, decisions)
    if wanted is not None:
        holding = [decision for decision in holding if decision.id == wanted]
    if not holding:
        raise errors.Conflict(
            _("There is no decision here that could be looked at again: none holds, or none was made.")
        )
    of_these = select(Appeal.decision_id).where(Appeal.decision_id.in_([decision.id for decision in holding]))
    before = set(await session.scalars(of_these))
    for decision in holding:
        if decision.id not in before:
            return decision
    raise errors.Conflict(_("You have appealed against this decision already; each is looked at again once."))


async def _to_answer(session: AsyncSession, id: UUID) -> "tuple[Contribution, Appeal, Decision]":
    """The contribution and the appeal, locked in this order, and the decision it is against. Raises NotFound."""
    about_which = await session.scalar(select(Appeal.contribution_id).where(Appeal.id == id))
    if about_which is None:
        raise errors.NotFound(_("There is no such appeal."))
    contribution, _author = await writing.locked(session, about_which)
    given = await session.get_one(Appeal, id, with_for_update=True, populate_existing=True)
    return contribution, given, await session.get_one(Decision, given.decision_id)


async def _checked(
    session: AsyncSession, contribution: "Contribution", given: Appeal, appealed: Decision, outcome: str,
    reason: str | None,
) -> Grounds:  # fmt: skip
    if given.decided is not None:
        raise errors.Conflict(
            _("This appeal is answered already: the decision was %(outcome)s.", outcome=given.outcome)
        )
    if given.words is None:
        raise errors.Conflict(_("What this appeal said is erased, so there is nothing to decide any more."))
    if contribution.status not in STANDING:
        raise errors.Conflict(
            _(
                "This contribution is %(status)s, so there is nothing to decide any more.",
                status=in_words(contribution.status),
            )
        )
    if outcome not in OUTCOMES:
        raise errors.Invalid({"outcome": _("The outcome is one of %(choice)s.", choice=", ".join(OUTCOMES))})
    if outcome == "upheld" and appealed.act == "hide" and contribution.status == "published":
        raise errors.Conflict(_("This contribution is public again meanwhile: the decision cannot be upheld any more."))
    return await checked(session, contribution.consultation_id, "restore", Grounds(reason=reason))


async def _restore(session: AsyncSession, actor: Actor, contribution: "Contribution", grounds: Grounds) -> Decision:
    # The author hears of it with the outcome of the appeal, and not twice.
    decision = await decided(session, actor, "restore", grounds, about(contribution, None))
    floor = await floor_of(session, topic=contribution.topic_id)
    support = await support_of(session, contribution.id)
    await publishing.restore(session, contribution, floor, support, decision=decision.id)
    return decision


async def _publish(session: AsyncSession, actor: Actor, contribution: "Contribution", appealed: Decision) -> None:
    revision = await writing.latest_revision(session, contribution)
    if revision.id != appealed.revision_id or revision.state != "rejected":
        raise errors.Conflict(_("The author has written a newer version since: decide on that one in the queue."))
    floor = await floor_of(session, topic=contribution.topic_id)
    if contribution.status == "rejected":
        await publishing.publish(session, contribution, revision, floor, await writing.parent_of(session, contribution))
    elif contribution.status == "published":
        await publishing.revise(session, contribution, revision, floor)
    else:
        raise errors.Conflict(
            _("This contribution is %(status)s: restore it before an edit of it.", status=in_words(contribution.status))
        )
    # Why, the author is told in private: what is public now never says that it was refused.
    await decided(session, actor, "approve", Grounds(), about(contribution, None, revision.id))


async def _answer(
    session: AsyncSession, actor: Actor, role: str, given: Appeal, outcome: str, grounds: Grounds, *, by_same: bool
) -> None:
    given.salt = commitments.fresh_salt()
    given.hash = commitments.commitment(given.salt, {"outcome": outcome, "reason": grounds.reason})
    given.outcome, given.reason, given.by_same = outcome, grounds.reason, by_same
    given.role, given.decided_by = role, actor.person
    given.decided = clock.now()
    given.seq = await record.append(
        session, given.consultation_id, "appeal.decided", given.id, decision=given.decision_id, outcome=outcome,
        hash=given.hash, role=given.role, by_same=by_same or None, **_named(given),
    )  # fmt: skip
    await record.append(
        session, given.consultation_id, "appeal.told", given.id,
        contribution=given.contribution_id, appeal=given.id, outcome=outcome, person=given.person_id,
    )  # fmt: skip
    await session.flush()


def _named(given: Appeal) -> dict[str, object]:
    """What the appeal is about, where the public may know: it was public when the decision was made."""
    return {"contribution": given.contribution_id, "number": given.number} if given.number else {}
