"""What a permission is made of: who acts, on what, and the rules that answer yes or no from these two alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

Scope = Literal["read", "write", "moderate"]
_MODERATING = ("moderator", "organiser")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. `scopes` is None in a browser session; a key may do only what its scopes allow."""

    person: UUID | None = None
    complete: bool = False  # has given a name and consented to the privacy note
    roles: Mapping[UUID, frozenset[str]] = field(default_factory=dict)  # by consultation, for all of it
    topics: Mapping[UUID, Mapping[UUID, frozenset[str]]] = field(default_factory=dict)  # by consultation and topic
    suspended: frozenset[UUID] = frozenset()  # consultations
    admitted: frozenset[UUID] = frozenset()  # private consultations that they are a member of
    shut_out: frozenset[UUID] = frozenset()  # all other private ones
    scopes: frozenset[str] | None = None
    operator: bool = False  # works on the server's own command line
    session: UUID | None = None  # the browser session, so that one can leave it
    key: UUID | None = field(default=None, compare=False)  # the API key, so that it has limits of its own

    def roles_in(self, consultation: UUID | None, topic: UUID | None = None) -> frozenset[str]:
        """What they are there: in the whole consultation or, where a topic is named, in that topic alone."""
        if consultation is None:
            return frozenset()
        own = self.topics.get(consultation, {}).get(topic, frozenset()) if topic else frozenset()
        return self.roles.get(consultation, frozenset()) | own

    def desk(self, consultation: UUID) -> frozenset[UUID] | None:
        """The topics to which their moderating there is limited; None where it is not."""
        if not self.roles_in(consultation).isdisjoint(_MODERATING):
            return None
        limited = self.topics.get(consultation, {})
        return frozenset(topic for topic, roles in limited.items() if not roles.isdisjoint(_MODERATING))


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
    topic: UUID | None = None  # the one it stands in. What names none is beyond a role that is for one topic alone


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
    def holds(actor: Actor, thing: Thing) -> bool:
        held = actor.roles_in(thing.consultation, thing.topic)
        return thing.consultation not in actor.suspended and not held.isdisjoint(roles)

    return holds


is_moderator, is_organiser = _holds(*_MODERATING), _holds("organiser")
is_rapporteur = _holds("rapporteur", "organiser")  # writes the outcome
is_staff = _holds("moderator", "rapporteur", "organiser")


def has_a_desk(actor: Actor, thing: Thing) -> bool:
    """Moderates the consultation, or a topic of it: what the lists show is limited to these (`Actor.desk`)."""
    here = thing.consultation
    return here is not None and here not in actor.suspended and actor.desk(here) != frozenset()


def works_on_outcome(actor: Actor, thing: Thing) -> bool:
    """Writes the outcome of the consultation, or of a topic of it."""
    here = thing.consultation
    if here is None or here in actor.suspended:
        return False
    held = actor.roles_in(here).union(*actor.topics.get(here, {}).values())
    return not held.isdisjoint(("rapporteur", "organiser"))


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
