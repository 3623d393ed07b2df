"""How every decision is made: who may, what was judged, on what grounds; then row, entry, and a word to the author."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors, record, text
from app.accounts.people import name_to_sign
from app.consultations.floor import rule_numbers
from app.contributions import publishing, writing
from app.contributions.cataloguing import AS_IT_IS, Catalogued
from app.contributions.states import in_words
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.language import number
from app.moderation.acts import ACTS
from app.moderation.models import Claim, Decision
from app.permissions import Actor, require
from app.record import commitments

if TYPE_CHECKING:
    from app.contributions.models import Contribution, Revision

REASON_LIMIT = 2_000
AUTHOR = "author"  # the role of who decides about translations of their own text
AUTOMATIC = "automatic"  # the role of a decision that the consultation's policy made by itself


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why: the reason the author is told, the rule it cites, and a note for the other moderators."""

    reason: str | None = None
    rule: str | None = None
    note: str | None = None
    signed: bool = False  # the public log names who decided
    batch: UUID | None = None  # of acts that are done together


NO_GROUNDS = Grounds()


@dataclass(frozen=True, slots=True)
class Matter:
    """What a decision is about. `public` where the log may name it: it is, or was, public."""

    consultation: UUID
    contribution: "Contribution | None" = None
    revision: UUID | None = None
    author: UUID | None = None  # the person who is told
    public: bool = False
    person: UUID | None = None  # who is warned or suspended
    details: dict[str, Any] | None = None
    private: bool = False  # not even that it was decided is public
    role: str | None = None  # of who decides without a moderator's: AUTHOR


@dataclass(frozen=True, slots=True)
class Options:
    """What some acts need beside their grounds."""

    passage: str | None = None  # redact: the words that are to go
    attachment: UUID | None = None  # redact: or the file
    topic: str | None = None  # move, split: slug
    parent: int | None = None  # move: number of what it is to answer
    into: int | None = None  # merge: number of the survivor
    title: str | None = None  # split: of the new thread
    kind: str | None = None  # split: of its root
    until: datetime | None = None  # suspend
    catalogued: Catalogued = AS_IT_IS  # approve
    translation: UUID | None = None  # of the acts on translations: which


NO_OPTIONS = Options()


async def to_decide(
    session: AsyncSession, actor: Actor, id: UUID, act: str = "contribution.decide"
) -> "tuple[Contribution, UUID | None]":
    """The contribution, locked, if the actor may do this act of the permissions on it, and its author's person.

    Raises NotFound, Unauthenticated, Forbidden.
    """
    contribution, author = await writing.locked(session, id)
    thing = writing.thing_of(contribution, author)
    writing.require_known(actor, contribution, thing)
    require(actor, act, thing)
    return contribution, author


async def judged(session: AsyncSession, contribution: "Contribution", revision: UUID | None) -> "Revision":
    """The revision that waits, if it is the one that was judged. Raises Conflict, Invalid."""
    waiting = await writing.waiting_revision(session, contribution.id)
    if waiting is None:
        raise errors.Conflict(
            _("Nothing waits here any more: this contribution is %(status)s.", status=in_words(contribution.status))
        )
    if revision is None:
        raise errors.Invalid(
            {"revision": _("Name the revision you judged, so that a later one is not decided unread.")}
        )
    if waiting.id != revision:
        raise errors.Conflict(_(_CHANGED))
    return waiting


async def require_public(session: AsyncSession, contribution: "Contribution", revision: UUID | None, done: str) -> None:
    """Raises Conflict unless it is published, and as the moderator read it, where they say what they read."""
    if contribution.status != "published":
        raise errors.Conflict(
            _(
                "This contribution is %(status)s; only a published one can be %(done)s.",
                status=in_words(contribution.status),
                done=done,
            )
        )
    await require_same(session, contribution, revision)


async def require_same(session: AsyncSession, contribution: "Contribution", revision: UUID | None) -> None:
    """Raises Conflict where the public revision is another than the one that was read (None: nobody says)."""
    public = await publishing.public_revision(session, contribution.id)
    if revision is not None and (public is None or public.id != revision):
        raise errors.Conflict(_(_CHANGED))


_CHANGED = N_("The author has changed the text meanwhile. Please read the new version and decide again.")


async def checked(session: AsyncSession, consultation: UUID, act: str, given: Grounds) -> Grounds:
    """The grounds of an act, cleaned. Raises Invalid, with a fault for each field."""
    faults: dict[str, str] = {}
    reason, note = (_clean(field, getattr(given, field), faults) for field in ("reason", "note"))
    if ACTS[act].grounds and not reason and "reason" not in faults:
        faults["reason"] = _(_WHY.get(act, _TOLD))
    rule = (given.rule or "").strip() or None
    if rule is not None and rule not in await rule_numbers(session, consultation):
        faults["rule"] = _("There is no such rule in this consultation.")
    if faults:
        raise errors.Invalid(faults)
    return Grounds(reason, rule, note, given.signed, given.batch)


# Who reads a reason; of what is about a person nothing but a hash is public.
_TOLD = N_("Please give a reason: the author is told, and the public log keeps it.")
_WHY = {
    "reveal": N_("Please give a reason: the author and all organisers are told. It is not public."),
    **dict.fromkeys(("warn", "suspend", "lift"), N_("Please give a reason: the author is told. It is not public.")),
    **dict.fromkeys(("lock", "unlock", "dismiss"), N_("Please give a reason: the public log keeps it.")),
}


def _clean(field: str, given: str | None, faults: dict[str, str]) -> str | None:
    try:
        clean = text.paragraphs(given or "") or None
    except ValueError as fault:
        faults[field] = _("This %(fault)s.", fault=fault)
        return None
    if len(clean or "") > REASON_LIMIT:
        faults[field] = _(
            "At most %(most)s characters fit; there are %(count)s.",
            most=number(REASON_LIMIT),
            count=number(len(clean or "")),
        )
    return clean


def about(
    contribution: "Contribution", author: UUID | None, revision: UUID | None = None, *, public: bool = True,
    details: dict[str, Any] | None = None,
) -> Matter:  # fmt: skip
    """A decision about a contribution."""
    return Matter(contribution.consultation_id, contribution, revision, author, public, details=details)


async def decided(session: AsyncSession, actor: Actor, act: str, grounds: Grounds, matter: Matter) -> Decision:
    """The row, its entry, and the word to the author. A decision on what was never public names only itself."""
    salt = commitments.fresh_salt()
    contribution = matter.contribution
    topic = contribution.topic_id if contribution is not None else None
    number = contribution.number if contribution is not None and matter.public else None
    decision = Decision(
        consultation_id=matter.consultation, contribution_id=contribution.id if contribution else None,
        revision_id=matter.revision, person_id=matter.person, number=number, act=act, rule=grounds.rule,
        reason=grounds.reason, note=grounds.note, details=matter.details, batch_id=grounds.batch, salt=salt,
        hash=commitments.commitment(salt, {"act": act, "rule": grounds.rule, "reason": grounds.reason}),
        role=matter.role or role_of(actor, matter.consultation, topic), decided_by=actor.person,
        decider_name=await name_to_sign(session, actor.person) if grounds.signed and actor.person else None,
    )  # fmt: skip
    session.add(decision)
    await session.flush()
    if contribution is not None:  # it is in nobody's hands any more
        await session.execute(delete(Claim).where(Claim.contribution_id == contribution.id))
    named = {"contribution": contribution.id, "number": number} if contribution is not None and number else {}
    if not matter.private:
        decision.seq = await record.append(
            session, matter.consultation, "decision.made", decision.id,
            act=act, rule=grounds.rule, hash=decision.hash, role=decision.role, **named,
        )  # fmt: skip
    if matter.author is not None and ACTS[act].told:
        await tell(session, decision, matter.author)
    await session.flush()
    return decision


async def tell(session: AsyncSession, decision: Decision, person: UUID) -> None:
    """A letter about a decision to a person. Appends `author.told` to the staff log."""
    await record.append(
        session, decision.consultation_id, "author.told", decision.contribution_id or decision.id,
        contribution=decision.contribution_id, decision=decision.id, act=decision.act, person=person,
    )  # fmt: skip


def role_of(actor: Actor, consultation: UUID, topic: UUID | None = None) -> str:
    """As what somebody decides, there or in this topic: the role that the public log gives."""
    roles = actor.roles_in(consultation, topic)
    return next(
        (role for role in ("moderator", "organiser") if role in roles), "operator" if actor.operator else AUTOMATIC
    )
