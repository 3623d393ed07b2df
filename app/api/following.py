"""A place in a record that somebody follows it from. Many wait at the same one, and are answered the same."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from uuid import UUID

from fastapi import Request

from app import errors
from app.api import reading
from app.api.queries import Following
from app.database import Database, admission
from app.language import gettext as _
from app.readings import versions
from app.readings.record.changes import Changes, changes

EVENTS = "text/event-stream"
_LAST = "last-event-id"
_MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Place:
    """After which entry of which record to go on, and how many entries to take at once.

    Who is admitted to private consultations is at another place than who is not: nobody is given what others may read.
    """

    database: Database
    base: str
    slug: str
    after: int
    limit: int
    admitted: frozenset[UUID]

    async def read(self) -> tuple[versions.Version, Changes]:
        """What comes after, in one snapshot with the record's version. Raises NotFound, Invalid, Unavailable."""
        async with self.database.reading() as connection:
            version = await versions.version(connection, self.slug)
            prefix = f"{self.base}/c/{self.slug}/"
            return version, await changes(connection, version.consultation, prefix, self.after, self.limit)


def place(request: Request, slug: str, asked: Following) -> Place:
    """Where this request goes on: a stream that was cut off names the last entry it had. Raises Malformed."""
    after = asked.after
    if wants_events(request) and (last := request.headers.get(_LAST)):
        if not (last.isascii() and last.isdecimal() and len(last) <= _MOST_DIGITS):
            raise errors.Malformed(_("Last-Event-ID is the number of the last entry you have, such as 117."))
        after = int(last)
    database, base = request.app.state.database, reading.base_of(request)
    return Place(database, base, slug, after, asked.limit, admission.admitted())


async def renewed(place: Place, recognise: Callable[[], Awaitable[object]]) -> Place:
    """The same place for the same one some time later: what is private is not for a former member, nor for who comes
    with a key that was revoked meanwhile. Raises what `recognise` raises."""
    if not place.admitted:
        return place
    await recognise()
    return replace(place, admitted=admission.admitted())


def wants_events(request: Request) -> bool:
    """Whether the client asks for a stream of events."""
    accepted = request.headers.get("accept", "").lower().split(",")
    return request.method == "GET" and any(each.partition(";")[0].strip() == EVENTS for each in accepted)
