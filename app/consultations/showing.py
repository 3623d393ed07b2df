"""Which consultations there are for whom: one in preparation is there for its organisers alone.

Surfaces say for each request who asks; whoever says nothing is shown what is announced.
"""

from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from app.rules import Actor, Thing, is_organiser

_organised: ContextVar[frozenset[UUID]] = ContextVar("organised", default=frozenset())


def show_to(actor: Actor) -> None:
    """From here on, whoever reads is this actor."""
    _organised.set(frozenset(each for each in actor.roles if is_organiser(actor, Thing(each))))


def is_shown(consultation: UUID, announced: datetime | None) -> bool:
    """Whether whoever reads may know that this consultation exists."""
    return announced is not None or consultation in _organised.get()
