"""The change feed: every public entry in order. Whoever follows it misses nothing and holds what is public."""

from dataclasses import dataclass

import orjson
from fastapi import APIRouter, Request, Response

from app.api import auth, bodies, queries, reading
from app.api.openapi import READING, Slug, described
from app.api.schemas import ChangePage
from app.api.waiting import Watch
from app.api.waiting_room import WaitingRoom, client_of
from app.database import Database
from app.readings import versions
from app.readings.changes import Changes, changes
from app.readings.json_texts import Texts

router = APIRouter(tags=["Changes"])


@router.get(
    "/consultations/{slug}/changes",
    **described(
        ChangePage,
        "Entries after `after`, in order.",
        query=queries.Following,
        errors=(*READING, "rate-limited"),
        headers={"Link": "What comes next."},
    ),
)
async def follow_changes(request: Request, slug: Slug) -> Response:
    """Entries of the record, each with what it concerns as it is now. With `wait`, an empty answer comes late."""
    asked = bodies.query(request, queries.Following)
    actor = await auth.caller(request)
    version = await reading.latest(request, bodies.slug(slug))
    following = _Following(request.app.state.database, reading.base_of(request), slug, asked.after, asked.limit)
    if version.size == asked.after and asked.wait:
        watch: Watch = request.app.state.watch
        seconds = min(asked.wait, queries.LONGEST_WAIT)
        room: WaitingRoom = request.app.state.waiting_room
        with room.place(client_of(request, actor)):
            await watch.until_longer(following.database, version.consultation, version.size, seconds)
        version, found = await watch.shared(following, following.read)
    elif version.size == asked.after:
        found = Changes(Texts([]), asked.after, version.size)
    else:
        version, found = await following.read()
    tag = reading.tag_of(request, version)
    if reading.is_known(request, tag):
        return reading.unchanged(request, tag)
    onward = reading.next_url(request, after=found.last)
    end = b'],"next":%b,"size":%d}' % (orjson.dumps(onward), found.size)
    return await reading.answer(
        request, found.items.joined(b'{"items":[', b",", end), tag, headers=reading.link(onward)
    )


@dataclass(frozen=True, slots=True)
class _Following:
    """A place in a record that somebody follows it from. Many wait at the same one, and are answered the same."""

    database: Database
    base: str
    slug: str
    after: int
    limit: int

    async def read(self) -> tuple[versions.Version, Changes]:
        """What comes after, in one snapshot with the record's version."""
        async with self.database.reading() as connection:
            version = await versions.version(connection, self.slug)
            prefix = f"{self.base}/c/{self.slug}/"
            return version, await changes(connection, version.consultation, prefix, self.after, self.limit)
