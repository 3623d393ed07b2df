"""The change feed: every public entry in order. Whoever follows it misses nothing and holds what is public."""

from dataclasses import dataclass

import orjson
from fastapi import APIRouter, Request, Response

from app.api import auth, bodies, queries, reading
from app.api.openapi import READING, Slug, described
from app.api.schemas import ChangePage
from app.api.waiting import Watch
from app.database import Database
from app.readings import versions
from app.readings.changes import Changes, changes

router = APIRouter(tags=["Changes"])


@router.get(
    "/consultations/{slug}/changes",
    **described(
        ChangePage,
        "Entries after `after`, in order.",
        query=queries.Following,
        errors=READING,
        headers={"Link": "What comes next."},
    ),
)
async def follow_changes(request: Request, slug: Slug) -> Response:
    """Entries of the record, each with what it concerns as it is now. With `wait`, an empty answer comes late."""
    asked = bodies.query(request, queries.Following)
    await auth.caller(request)
    database, base = request.app.state.database, reading.base_of(request)
    following = _Following(database, base, bodies.slug(slug), asked.after, asked.limit)
    watch: Watch = request.app.state.watch
    version, found = await following.read()
    if found.size <= asked.after and asked.wait:
        await watch.until_longer(database, version.consultation, found.size, asked.wait)
        version, found = await watch.shared(following, following.read)
    tag = reading.tag_of(request, version)
    if reading.is_known(request, tag):
        return reading.unchanged(request, tag)
    onward = reading.next_url(request, after=found.last)
    items = ",".join(found.items)
    content = f'{{"items":[{items}],"next":{orjson.dumps(onward).decode()},"size":{found.size}}}'.encode()
    return reading.answer(request, content, tag, headers=reading.link(onward))


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
