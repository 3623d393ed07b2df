"""Which private consultations the reader of this moment may see: nothing says so but who asks.

A private consultation is one that only its members see. The policy on `consultations` hides the row from
`plenary_reader`, and everything public is found through that row. Surfaces say here, for each request, where the asker
is a member.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

SETTING = "plenary.admitted"  # read by the policy, see migrations/versions/20261129_private.py
_admitted: ContextVar[frozenset[UUID]] = ContextVar("admitted", default=frozenset())


def admit(consultations: Iterable[UUID]) -> None:
    """From here on, what this task reads may be of these private consultations too, and of no others."""
    _admitted.set(frozenset(consultations))


def admitted() -> frozenset[UUID]:
    """Of which private consultations this task may read."""
    return _admitted.get()


@contextmanager
def admitting(consultations: Iterable[UUID]) -> Iterator[None]:
    """As `admit`, for a block."""
    before = _admitted.set(frozenset(consultations))
    try:
        yield
    finally:
        _admitted.reset(before)


def setting() -> str:
    """The value of the setting for this task."""
    return ",".join(str(each) for each in sorted(_admitted.get()))
