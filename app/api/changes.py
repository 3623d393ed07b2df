"""The change feed: every public entry in order. Whoever follows it misses nothing and holds what is public."""

from functools import partial

import orjson
from fastapi import APIRouter, Request, Response

from app.api import auth, bodies, queries, reading
from app.api.events import EventStream
from app.api.following import EVENTS, place, renewed, wants_events
from app.api.openapi import READING, Slug, described
from app.api.schemas import ChangePage
from app.api.waiting import Watch
from app.api.waiting_room import WaitingRoom, client_of, unless_gone
from app.readings.json_texts import Texts
from app.readings.record.changes import Changes

router = APIRouter(tags=["Changes"])
_BY_FORM = {"vary": "Accept, Accept-Encoding"}
_TOO_EARLY = {"cache-control": "no-store"}  # kept by a cache, it would end the next one's waiting at once


@router.get(
    "/consultations/{slug}/changes",
    **described(
        ChangePage,
        "Entries after `after`, in order; as events (`Accept: text/event-stream`) these and then those that come.",
        query=queries.Following,
        errors=(*READING, "rate-limited"),
        headers={"Link": "What comes next."},
        media_type=EVENTS,
    ),
)
async def follow_changes(request: Request, slug: Slug) -> Response:
    """Entries of the record, each with what it concerns as it is now. With `wait`, an empty answer comes late."""
    asked = bodies.query(request, queries.Following)
    actor = await auth.caller(request)
    here = place(request, bodies.slug(slug), asked)
    watch: Watch = request.app.state.watch
    room: WaitingRoom = request.app.state.waiting_room
    client, recognise = client_of(request, actor), partial(auth.caller, request)
    if wants_events(request):
        version, found = await watch.shared(here, here.read)
        return EventStream(watch, room, client, here, version.consultation, found, recognise)
    version = await reading.latest(request, slug)
    if version.size == here.after and asked.wait:
        seconds = min(asked.wait, queries.LONGEST_WAIT)
        with room.place(client):
            await unless_gone(request, watch.until_longer(here.database, version.consultation, version.size, seconds))
        here = await renewed(here, recognise)
        version, found = await watch.shared(here, here.read)
    elif version.size == here.after:
        found = Changes(Texts([]), here.after, version.size)
    else:
        version, found = await here.read()
    tag, onward = reading.tag_of(request, version), reading.next_url(request, after=found.last)
    headers = {**_BY_FORM, **(_TOO_EARLY if asked.wait and not found.items else {})}
    if reading.is_known(request, tag):
        return reading.unchanged(request, tag, headers)
    end = b'],"next":%b,"size":%d}' % (orjson.dumps(onward), found.size)
    content = found.items.joined(b'{"items":[', b",", end)
    return await reading.answer(request, content, tag, headers={**headers, **reading.link(onward)})
