"""Two acts that meet: the database lets one of them through, and the other is done once more."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app import errors
from app.database import DATABASE_ERRORS, sqlstate_of
from app.language import gettext as _

log = logging.getLogger(__name__)

_INTEGRITY = "23"  # class of constraint violations: somebody else was first
_RACES = ("40001", "40P01")  # serialization failure, deadlock: the other one went first

Result = TypeVar("Result")


async def once_more(work: Callable[[], Awaitable[Result]]) -> Result:
    """Do the work; where another act met it, do all of it once more.

    It is one transaction with what leads to it, so that of a first try in vain nothing stays. Returns what the work
    returns; raises what it raises, and Conflict where it met another act again.
    """
    try:
        return await work()
    except DATABASE_ERRORS as error:
        if not _is_race(error):
            raise
    try:
        return await work()
    except DATABASE_ERRORS as error:
        if not _is_race(error):
            raise
        log.warning("An act met another one twice", exc_info=error)
    raise errors.Conflict(_("Somebody else changed the same thing at the same moment. Please try again."))


def _is_race(error: Exception) -> bool:
    state = sqlstate_of(error)
    return state.startswith(_INTEGRITY) or state in _RACES
