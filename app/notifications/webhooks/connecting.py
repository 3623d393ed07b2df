"""Bring a message to an address that anybody may have given: what is there may be slow, hostile or without end.

Names are resolved here and the connection goes to the very address that was checked, so that a name which leads
elsewhere the next moment gains nothing. TLS and the Host header have the name. Nothing follows redirects.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from types import TracebackType
from typing import Any, Self

import httpcore
import httpx

from app import clock
from app.notifications.webhooks.addresses import is_allowed
from app.notifications.webhooks.asked_pause import asked_pause
from app.notifications.webhooks.own_words import LATE, NOT_CONNECTED, NOT_PUBLIC, NOT_SECURED, REDIRECTED, UNKNOWN

IN_ALL = 5.0  # seconds, from looking up the name to the end of the answer
READ_AT_MOST = 64 * 1024  # bytes of an answer
_KEPT = 200  # characters of an answer
# Of its own: a name server that does not answer holds a thread for longer than we wait.
_resolving = ThreadPoolExecutor(64, "webhook names")


class NotPublic(Exception):
    """The name leads to an address that is not on the public internet."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: the status (None where there was none), how the answer begins or what went wrong, and
    for how long the receiver asks us to wait."""

    status: int | None
    answer: str
    pause: timedelta = timedelta(0)

    @property
    def taken(self) -> bool:
        """Whether the receiver has it now."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the receiver wants no more."""
        return self.status == 410


class Line:
    """Connections to one receiver, kept from one message to the next. Use it in `async with`."""

    def __init__(self) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_ssl_context(), max_connections=1, keepalive_expiry=10.0, network_backend=_Checked()
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.aclose()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Bring a message. Whatever happens is an outcome, after five seconds at the latest."""
        try:
            async with asyncio.timeout(IN_ALL):
                return await self._post(httpx.URL(url), headers, body)
        except TimeoutError:
            return Outcome(None, LATE)
        except NotPublic:
            return Outcome(None, NOT_PUBLIC)
        except Exception as error:  # noqa: BLE001  # a stranger's server may do anything; none of it is our failure
            return Outcome(None, _in_words(error))

    async def _post(self, url: httpx.URL, headers: Mapping[str, str], body: bytes) -> Outcome:
        sent = {"Host": url.netloc.decode("ascii"), "Content-Length": str(len(body)), **headers}
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        async with self._pool.stream("POST", target, headers=list(sent.items()), content=body) as response:
            parts: list[bytes] = []
            length = 0
            async for part in response.aiter_stream():
                parts.append(part)
                length += len(part)
                if length >= READ_AT_MOST:
                    break
            answer = _shown(b"".join(parts)) or _without_words(response.status)
            return Outcome(response.status, answer, asked_pause(response.status, response.headers, clock.now()))


class _Checked(httpcore.AsyncNetworkBackend):
    """Connects to addresses that are allowed, and to no others."""

    def __init__(self) -> None:
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(  # its signature is httpcore's
        self, host: str, port: int, timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:  # fmt: skip
        """Resolve the name, check all that it leads to, and connect to one of these addresses."""
        addresses = await _resolved(host, port)
        if not addresses or not all(map(is_allowed, addresses)):
            raise NotPublic
        for address in addresses[:-1]:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError:
                continue
        return await self._network.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """Wait, for the pool."""
        await asyncio.sleep(seconds)


async def _resolved(host: str, port: int) -> list[str]:
    """The addresses that a name leads to now, each once."""
    found = await asyncio.get_running_loop().run_in_executor(
        _resolving, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    )
    return list(dict.fromkeys(str(address[0]) for *_rest, address in found))


@cache
def _ssl_context() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _shown(content: bytes) -> str:
    """The first of an answer, on one line and without what no page can show."""
    words = content[: 4 * _KEPT].decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())[:_KEPT]


def _without_words(status: int) -> str:
    return REDIRECTED if 300 <= status < 400 else ""


def _in_words(error: Exception) -> str:
    """What went wrong, without the words of what is there."""
    if isinstance(error, socket.gaierror):
        return UNKNOWN
    if isinstance(error, httpcore.ConnectError):
        secured = isinstance(error.__cause__ or error.__context__, ssl.SSLError) or "SSL" in str(error)
        return NOT_SECURED if secured else NOT_CONNECTED
    return f"The answer cannot be read ({type(error).__name__})."
