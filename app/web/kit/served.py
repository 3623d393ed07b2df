"""A public file as it is sent: saved, never shown."""

from starlette.responses import Response

from app.bucket.moving import content_of
from app.files.headers import headers_for
from app.readings.organising.documents import ServedFile
from app.web.kit.visit import PRIVATE, PUBLIC, Visit


async def sent(visit: Visit, found: ServedFile, *, by_link: bool = False) -> Response:
    """Its bytes never change, but it can be withdrawn: caches ask whether it is still there. Raises Unavailable.

    `by_link`: to whoever holds a link, which may be to a private consultation. Its members are signed in.
    """
    kept = PUBLIC if visit.actor.person is None and not by_link else PRIVATE
    headers = {**headers_for(found.name), "Cache-Control": kept, "Vary": "Cookie", "ETag": f'"{found.hash}"'}
    if visit.knows(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    content = await content_of(found.content, found.bucket_key)
    return Response(content, headers=headers, media_type=found.type)
