"""Who may do what: acts x rules, on one page. Each act of the platform has one line in ACTS.

A rule answers yes or no from the actor and the thing alone; it asks no database. Surfaces hold no rules: actions call
`require`, pages ask `may` to decide which buttons to show.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from app import errors

Scope = Literal["read", "write", "moderate"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. `scopes` is None in a browser session; a key may do only what its scopes allow."""

    person: UUID | None = None
    complete: bool = False  # has given a name and consented to the privacy note
    roles: Mapping[UUID, frozenset[str]] = field(default_factory=dict)  # by consultation
    suspended: frozenset[UUID] = frozenset()  # consultations
    scopes: frozenset[str] | None = None
    operator: bool = False  # works on the server's own command line
    session: UUID | None = None  # the browser session, so that one can leave it


ANYONE = Actor()
OPERATOR = Actor(operator=True, complete=True)
_ANOTHER = "Somebody else must answer this appeal: another than who decided, and another than who wrote the text."


@dataclass(frozen=True, slots=True)
class Thing:
    """What is acted upon, as far as rules need to know it."""

    consultation: UUID | None = None
    owner: UUID | None = None  # the person whose text, key, session or profile it is
    public: bool = False
    decider: UUID | None = None  # who made the decision that is looked at again
    alone: bool = False  # nobody else in the consultation could look at it


Rule = Callable[[Actor, Thing], bool]


def is_public(_actor: Actor, thing: Thing) -> bool:
    return thing.public


def is_owner(actor: Actor, thing: Thing) -> bool:
    return actor.person is not None and actor.person == thing.owner


def is_participant(actor: Actor, thing: Thing) -> bool:
    """Anyone with a name and consent takes part, unless suspended in this consultation."""
    return actor.person is not None and actor.complete and thing.consultation not in actor.suspended


def _holds(*roles: str) -> Rule:
    return lambda actor, thing: thing.consultation is not None and thing.consultation not in actor.suspended and (
        not actor.roles.get(thing.consultation, frozenset()).isdisjoint(roles)
    )  # fmt: skip


is_moderator, is_organiser = _holds("moderator", "organiser"), _holds("organiser")


def judges_anew(actor: Actor, thing: Thing) -> bool:
    """An appeal goes to another than who decided, unless there is nobody else; never to who wrote the text."""
    by_another = actor.person != thing.decider or thing.alone
    return is_moderator(actor, thing) and by_another and actor.person != thing.owner


def is_operator(actor: Actor, _thing: Thing) -> bool:
    return actor.operator


def either(*rules: Rule) -> Rule:
    return lambda actor, thing: any(rule(actor, thing) for rule in rules)


def both(*rules: Rule) -> Rule:
    return lambda actor, thing: all(rule(actor, thing) for rule in rules)


ACTS: dict[str, tuple[Scope, Rule]] = {
    "consultation.define":    ("moderate", either(is_operator, is_organiser)),
    "consultation.extend":    ("moderate", either(is_operator, is_organiser)),
    "consultation.remove":    ("moderate", is_operator),
    "consultation.import":    ("moderate", is_operator),
    "role.grant":             ("moderate", either(is_operator, is_organiser)),
    "contribution.read":      ("read",     either(is_public, is_owner, is_moderator)),
    "contribution.post":      ("write",    is_participant),
    "contribution.note":      ("write",    both(is_participant, is_moderator)),
    "contribution.edit":      ("write",    both(is_participant, is_owner)),
    "contribution.withdraw":  ("write",    is_owner),
    "contribution.lower":     ("write",    either(is_operator, is_owner)),
    "contribution.erase":     ("write",    either(is_owner, is_organiser, is_operator)),
    "queue.read":             ("moderate", is_moderator),
    "contribution.decide":    ("moderate", is_moderator),
    "contribution.claim":     ("moderate", is_moderator),
    "claim.release":          ("moderate", either(is_organiser, both(is_moderator, is_owner))),
    "contribution.reveal":    ("moderate", is_moderator),
    "author.suspend":         ("moderate", is_moderator),
    "contribution.flag":      ("write",    is_participant),
    "flag.decide":            ("moderate", is_moderator),
    "appeal.make":            ("write",    is_owner),
    "appeal.decide":          ("moderate", judges_anew),
    "phase.change":           ("moderate", either(is_operator, is_organiser)),
    "contribution.transcribe": ("moderate", is_moderator),
    "meeting.report":         ("write",    is_participant),
    "profile.read":           ("read",     is_owner),
    "profile.change":         ("write",    is_owner),
    "session.end":            ("write",    is_owner),
    "key.make":               ("write",    either(is_operator, is_owner)),
    "key.revoke":             ("write",    either(is_operator, is_owner)),
    "account.erase":          ("write",    either(is_operator, is_owner)),
}  # fmt: skip


def may(actor: Actor, act: str, thing: Thing) -> bool:
    """Whether the actor may do this act on this thing."""
    scope, rule = ACTS[act]
    return (actor.scopes is None or scope in actor.scopes) and rule(actor, thing)


def require(actor: Actor, act: str, thing: Thing) -> None:
    """Go on only where `may` says yes. Raises `Unauthenticated` for a stranger and `Forbidden` for anybody else."""
    if may(actor, act, thing):
        return
    if actor.person is None and not actor.operator:
        raise errors.Unauthenticated("Please sign in to do this.")
    raise errors.Forbidden(_why_not(actor, act, thing))


def _why_not(actor: Actor, act: str, thing: Thing) -> str:
    scope, rule = ACTS[act]
    if actor.scopes is not None and scope not in actor.scopes:
        return f"This key does not have the scope “{scope}”."
    if thing.consultation in actor.suspended:
        return "Your participation in this consultation is suspended."
    if not actor.complete:
        return "Please complete your profile first: a name and your consent to the privacy note."
    return (
        _ANOTHER if rule is judges_anew and is_moderator(actor, thing) else "You do not have the role that this needs."
    )
