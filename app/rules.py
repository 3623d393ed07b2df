"""What a permission is made of: who acts, on what, and the rules that answer yes or no from these two alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

Scope = Literal["read", "write", "moderate"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. `scopes` is None in a browser session; a key may do only what its scopes allow."""

    person: UUID | None = None
    complete: bool = False  # has given a name and consented to the privacy note
    roles: Mapping[UUID, frozenset[str]] = field(default_factory=dict)  # by consultation
    suspended: frozenset[UUID] = frozenset()  # consultations
    admitted: frozenset[UUID] = frozenset()  # private consultations that they are a member of
    shut_out: frozenset[UUID] = frozenset()  # all other private ones
    scopes: frozenset[str] | None = None
    operator: bool = False  # works on the server's own command line
    session: UUID | None = None  # the browser session, so that one can leave it
    key: UUID | None = field(default=None, compare=False)  # the API key, so that it has limits of its own


ANYONE = Actor()
OPERATOR = Actor(operator=True, complete=True)


@dataclass(frozen=True, slots=True)
class Thing:
    """What is acted upon, as far as rules need to know it."""

    consultation: UUID | None = None
    owner: UUID | None = None  # the person whose text, key, session or profile it is
    public: bool = False
    decider: UUID | None = None  # who made the decision that is looked at again
    alone: bool = False  # nobody else in the consultation could look at it


Rule = Callable[[Actor, Thing], bool]


def is_public(actor: Actor, thing: Thing) -> bool:
    return thing.public and thing.consultation not in actor.shut_out


def is_owner(actor: Actor, thing: Thing) -> bool:
    return actor.person is not None and actor.person == thing.owner


def is_participant(actor: Actor, thing: Thing) -> bool:
    """Anyone with a name and consent, unless they are suspended here, or this is private and they are no member."""
    barred = actor.suspended | actor.shut_out
    return actor.person is not None and actor.complete and thing.consultation not in barred


def _holds(*roles: str) -> Rule:
    return lambda actor, thing: thing.consultation not in actor.suspended and not _roles(actor, thing).isdisjoint(roles)


def _roles(actor: Actor, thing: Thing) -> frozenset[str]:
    return actor.roles.get(thing.consultation, frozenset()) if thing.consultation else frozenset()


is_moderator, is_organiser = _holds("moderator", "organiser"), _holds("organiser")
is_rapporteur = _holds("rapporteur", "organiser")  # writes the outcome
is_staff = _holds("moderator", "rapporteur", "organiser")


def judges_anew(actor: Actor, thing: Thing) -> bool:
    """An appeal goes to another than who decided, unless there is nobody else; never to who wrote the text."""
    return is_moderator(actor, thing) and (actor.person != thing.decider or thing.alone) and not is_owner(actor, thing)


def is_another_organiser(actor: Actor, thing: Thing) -> bool:  # nobody vouches for themselves
    return is_organiser(actor, thing) and not is_owner(actor, thing)


def is_organiser_anywhere(actor: Actor, _thing: Thing) -> bool:
    return any(is_organiser(actor, Thing(each)) for each in actor.roles)


def is_operator(actor: Actor, _thing: Thing) -> bool:
    return actor.operator


def either(*rules: Rule) -> Rule:
    return lambda actor, thing: any(rule(actor, thing) for rule in rules)


def both(*rules: Rule) -> Rule:
    return lambda actor, thing: all(rule(actor, thing) for rule in rules)
