"""Pages for strangers, made once for each state of the record and then given from memory.

This stands in front of everything else: a warm page costs one small query, which asks whether the record has grown.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import errors, text
from app.config import settings
from app.database import Database
from app.language import current
from app.readings.latest_versions import LatestVersions
from app.readings.versions import Version
from app.web.kit import cookies
from app.web.kit.guard import HEADERS
from app.web.kit.visit import PUBLIC, VARY, etag

MOST_BYTES, MOST_ASKED_BYTES = 12 * 2**20, 4 * 2**20
_WORTH_COMPRESSING = 600
_ZIPPED = (b"content-encoding", b"gzip")
_UNCHANGED = [*HEADERS, (b"cache-control", PUBLIC.encode()), (b"vary", VARY.encode())]
_ZEROS = re.compile("/0[0-9]*(?:/|$)")  # before a number, which is another address of the same page
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


class _Shelf:
    """Holds pages of so many bytes in all: what nobody asked for longest goes first."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.pages: OrderedDict[Any, _Kept] = OrderedDict()

    def take(self, key: Any, tag: bytes) -> _Kept | None:
        """The page that was kept under this key and tag."""
        kept = self.pages.get(key)
        if kept is None or kept.tag != tag:
            return None
        self.pages.move_to_end(key)
        return kept

    def keep(self, key: Any, page: _Kept) -> None:
        """Keep a page, in the place of an earlier one."""
        replaced = self.pages.pop(key, None)
        self.bytes += page.weight - (replaced.weight if replaced else 0)
        self.pages[key] = page
        while self.bytes > self.most_bytes:
            _key, oldest = self.pages.popitem(last=False)
            self.bytes -= oldest.weight


class PageCache:
    """Answers strangers from memory where a page is there for the record's present state; else keeps the answer.

    What a visitor can make up, such as queries and hosts, has a shelf of its own: it displaces no plain page.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.plain, self.asked = _Shelf(MOST_BYTES), _Shelf(MOST_ASKED_BYTES)
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
        host = _strange_host(scope, headers)
        key = (scope["path"], scope["query_string"], wanted, host)
        shelf = self.asked if scope["query_string"] or host or _ZEROS.search(scope["path"]) else self.plain
        worth_asking = key in shelf.pages or b"if-none-match" in headers
        version = await self._version(scope) if worth_asking else None
        if version is not None:
            tag = etag(version, wanted).encode()
            if headers.get(b"if-none-match") == tag:
                await _send(send, 304, [*_UNCHANGED, (b"etag", tag)], b"")
                return
            kept = shelf.take(key, tag)
            if kept is not None:
                found, body = kept.answer(zipped)
                await _send(send, 200, found, body)
                return
        answer = _Answer(send, zipped)
        await self.app(scope, receive, answer.send)
        if answer.kept is not None:
            shelf.keep(key, answer.kept)

    async def _version(self, scope: Scope) -> Version | None:
        database: Database = scope["app"].state.database
        if self.versions is None or self.versions.database is not database:
            self.versions = LatestVersions(database)
        try:
            return await self.versions.of(_slug(scope["path"]))
        except errors.PlenaryError:  # the page itself says what is wrong
            return None


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


def _strange_host(scope: Scope, headers: dict[bytes, bytes]) -> bytes | None:
    """The address that a page was asked of, if it is not the service's own: a service that was not told its address
    makes links of the one that each visitor uses."""
    if scope["app"].state.base_url:
        return None
    asked = scope["scheme"].encode() + b"://" + headers.get(b"host", b"")
    return None if asked == f"http://{settings().host}:{settings().port}".encode() else asked


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes:
    return next((value for key, value in headers if key == name), b"")


def _length(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", str(len(body)).encode()


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
