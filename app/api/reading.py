"""What every answer needs: our own address, entity tags, caching, compression, pages with a next one."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import orjson
from fastapi import Request
from starlette.responses import Response

import app
from app import errors
from app.api.choosing import Choosing
from app.api.compression import compressed
from app.api.queries import Paging
from app.language import gettext as _
from app.readings import cursors
from app.readings.entity_tags import is_among, tag_of_content
from app.readings.json_texts import Texts
from app.readings.latest_versions import LatestVersions
from app.readings.versions import Version

JSON = "application/json"
PUBLIC, PRIVATE = "public, max-age=0, s-maxage=2", "private, no-store"
_READ = ("GET", "HEAD")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")


def _build() -> str:
    """Which code answers: other code may write the same things otherwise, so it is part of every entity tag."""
    sources = sorted(Path(app.__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:8]


BUILD = _build()
Item = TypeVar("Item")


def base_of(request: Request) -> str:
    """The address we are reached at: the one that was set, or the request's own. Raises Malformed for no host name."""
    configured: str | None = request.app.state.base_url
    if configured is not None:
        return configured
    host = request.headers.get("host", "")
    if _HOST.fullmatch(host) is None:
        raise errors.Malformed(_("The Host header is not the name of a host."))
    return f"{request.scope['scheme']}://{host}"


def tag_of(request: Request, version: Version) -> str:
    """The entity tag of what this address answers at this version."""
    scope = request.scope
    address = b"|".join((scope["path"].encode(), scope["query_string"], base_of(request).encode()))
    return f'"{version.tag(hashlib.sha256(address).hexdigest()[:12], BUILD)}"'


def is_known(request: Request, tag: str) -> bool:
    """Whether the client says that it has the answer with this tag (If-None-Match)."""
    return is_among(tag, request.headers.get("if-none-match"))


def unchanged(request: Request, tag: str, headers: Mapping[str, str] | None = None) -> Response:
    """304: what the client has is what there is."""
    return Response(status_code=304, headers={**headers_of(request, tag), **(headers or {})})


async def answer(
    request: Request, content: bytes, tag: str | None = None, *, status: int = 200,
    headers: Mapping[str, str] | None = None, media_type: str = JSON,
) -> Response:  # fmt: skip
    """An answer, in JSON unless it says otherwise, compressed where that pays. With a key it is the asker's alone.

    What is read has a tag, of its content where none is given, and is not sent to who has it.
    """
    if request.method in _READ:
        tag = tag or tag_of_content(content)
        if is_known(request, tag):
            return unchanged(request, tag, headers)
    every = {**headers_of(request, tag), **(headers or {})}
    content, coding = await compressed(content, request.headers.get("accept-encoding", ""))
    if coding is not None:
        every["content-encoding"] = coding
    return Response(content, status, every, media_type)


def is_private(request: Request) -> bool:
    """Whether somebody is named by the request: then no shared cache may keep the answer."""
    return "authorization" in request.headers


async def page(
    request: Request, asked: Choosing, items: Texts, cursor: str | None, tag: str | None = None, *,
    more: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """A list from the JSON texts of its items, with the fields asked for, and with the address of the next page.

    `more` stands in it after `next`.
    """
    following = next_url(request, cursor=cursor) if cursor is not None else None
    end = b"]," + orjson.dumps({"next": following, **(more or {})})[1:]
    content = asked.of(items).joined(b'{"items":[', b",", end)
    return await answer(request, content, tag, headers={**link(following), **(headers or {})})


def part(views: Sequence[Item], asked: Paging, purpose: str) -> tuple[Sequence[Item], str | None]:
    """The part of a short list that was asked for, and the next one's cursor. Raises Malformed for another's cursor."""
    start = cursors.unseal(purpose, asked.cursor)[0] if asked.cursor is not None else 0
    end = start + asked.limit
    return views[start:end], cursors.seal(purpose, [end]) if end < len(views) else None


def next_url(request: Request, **changes: str | int) -> str:
    """This request's own address with some query parameters changed."""
    given = {name: value for name, value in request.query_params.multi_items() if name not in changes}
    query = urlencode({**given, **changes})
    return f"{base_of(request)}{quote(request.scope['path'])}?{query}"


def link(following: str | None) -> dict[str, str]:
    """The header that says where a list goes on."""
    return {"link": f'<{following}>; rel="next"'} if following else {}


def texts(items: Iterable[Mapping[str, Any]]) -> Texts:
    """The JSON texts of some items."""
    return Texts([(orjson.dumps(item),) for item in items])


async def latest(request: Request, slug: str) -> Version:
    """The version of a consultation's public answers, asked for in the cheapest way. Raises NotFound."""
    state = request.app.state
    if getattr(state, "latest_versions", None) is None or state.latest_versions.database is not state.database:
        state.latest_versions = LatestVersions(state.database)
    version: Version = await state.latest_versions.of(slug)
    return version


def headers_of(request: Request, tag: str | None) -> dict[str, str]:
    """How long the answer to this request may be kept, by whom, and under which tag."""
    headers = {
        "cache-control": PRIVATE if is_private(request) else PUBLIC, "vary": "Accept-Encoding",
        "x-content-type-options": "nosniff",
    }  # fmt: skip
    if tag is not None:
        headers["etag"] = tag
    return headers
