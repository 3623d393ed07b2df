"""Pages for strangers, made once for each state of the record and then given from memory.

This stands in front of everything else: a warm page costs one small query, which asks whether the record has grown.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import errors, text
from app.database import Database
from app.language import current
from app.readings.latest_versions import LatestVersions
from app.readings.versions import Version
from app.web import cookies
from app.web.guard import HEADERS
from app.web.visit import PUBLIC, VARY, etag

MOST_BYTES = 16 * 2**20
_WORTH_COMPRESSING = 600
_ZIPPED = (b"content-encoding", b"gzip")
_UNCHANGED = [*HEADERS, (b"cache-control", PUBLIC.encode()), (b"vary", VARY.encode())]
_SESSION = cookies.SESSION.encode() + b"="


@dataclass(slots=True)
class _Kept:
    """A page as it goes over the wire. It is compressed when somebody takes it so."""

    tag: bytes
    headers: list[tuple[bytes, bytes]]
    plain: bytes
    compressed: bytes = b""

    @property
    def weight(self) -> int:
        return 2 * len(self.plain) + 2_000  # what is compressed later has its room, too

    def answer(self, zipped: bool) -> tuple[list[tuple[bytes, bytes]], bytes]:
        """Headers and body for somebody who takes it compressed, or not."""
        if not zipped:
            return [*self.headers, _length(self.plain)], self.plain
        if not self.compressed:
            self.compressed = text.zipped(self.plain)
        return [*self.headers, _ZIPPED, _length(self.compressed)], self.compressed


class PageCache:
    """Answers strangers from memory where a page is there for the record's present state; else keeps the answer."""

    def __init__(self, app: ASGIApp, most_bytes: int = MOST_BYTES) -> None:
        self.app = app
        self.most_bytes = most_bytes
        self.bytes = 0
        self.pages: OrderedDict[Any, _Kept] = OrderedDict()
        self.versions: LatestVersions | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or pass the request on and look at the answer."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _is_page(scope["path"]):
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        zipped = b"gzip" in headers.get(b"accept-encoding", b"")
        if _SESSION in headers.get(b"cookie", b""):
            await self.app(scope, receive, _Answer(send, zipped).send)
            return
        wanted = current.get()
        key = (scope["path"], scope["query_string"], wanted, scope["scheme"], headers.get(b"host"))
        worth_asking = key in self.pages or b"if-none-match" in headers
        version = await self._version(scope) if worth_asking else None
        if version is not None:
            tag = etag(version, wanted).encode()
            if headers.get(b"if-none-match") == tag:
                await _send(send, 304, [*_UNCHANGED, (b"etag", tag)], b"")
                return
            kept = self.pages.get(key)
            if kept is not None and kept.tag == tag:
                self.pages.move_to_end(key)
                found, body = kept.answer(zipped)
                await _send(send, 200, found, body)
                return
        answer = _Answer(send, zipped)
        await self.app(scope, receive, answer.send)
        if answer.kept is not None:
            self._keep(key, answer.kept)

    async def _version(self, scope: Scope) -> Version | None:
        database: Database = scope["app"].state.database
        if self.versions is None or self.versions.database is not database:
            self.versions = LatestVersions(database)
        try:
            return await self.versions.of(_slug(scope["path"]))
        except errors.PlenaryError:  # the page itself says what is wrong
            return None

    def _keep(self, key: Any, page: _Kept) -> None:
        replaced = self.pages.pop(key, None)
        self.bytes += page.weight - (replaced.weight if replaced else 0)
        self.pages[key] = page
        while self.bytes > self.most_bytes:
            _key, oldest = self.pages.popitem(last=False)
            self.bytes -= oldest.weight


class _Answer:
    """Collects an HTML answer, compresses it once, sends it on, and offers it for keeping where it is public."""

    def __init__(self, send: Send, zipped: bool) -> None:
        self._send = send
        self._zipped = zipped
        self._start: Message | None = None  # of an HTML answer, held back until all of it is there
        self._body: list[bytes] = []
        self.kept: _Kept | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if _header(message["headers"], b"content-type").startswith(b"text/html"):
                self._start = message
                return
        elif self._start is not None:
            self._body.append(message.get("body", b""))
            if not message.get("more_body"):
                await self._finish(self._start, b"".join(self._body))
            return
        await self._send(message)

    async def _finish(self, start: Message, body: bytes) -> None:
        own = (b"content-length", b"content-encoding")
        page = _Kept(
            _header(start["headers"], b"etag"), [header for header in start["headers"] if header[0] not in own], body
        )
        if page.tag and start["status"] == 200 and body:
            self.kept = page
        headers, wire = page.answer(self._zipped and len(body) >= _WORTH_COMPRESSING)
        await _send(self._send, start["status"], headers, wire)


def _is_page(path: str) -> bool:
    return path == "/" or path.startswith(("/c/", "/about/", "/developers", "/me", "/sign-in"))


def _slug(path: str) -> str | None:
    """The consultation that a page belongs to; None for pages of the whole service."""
    return path[3:].split("/", 1)[0] if path.startswith("/c/") else None


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes:
    return next((value for key, value in headers if key == name), b"")


def _length(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", str(len(body)).encode()


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
