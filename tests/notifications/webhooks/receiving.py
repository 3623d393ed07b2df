"""Receivers of webhooks: small servers that take what comes, or do whatever a hostile one does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from standardwebhooks import Webhook as Verifier

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nThanks"
Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Receiver:
    """Listens on loopback. `answers` are given one after another, the last one for ever; a behaviour writes its own."""

    answers: list[bytes | Behaviour] = field(default_factory=lambda: [OK])
    secret: str = ""
    port: int = 0
    ids: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/hook?of=ours"

    @property
    def seqs(self) -> list[int]:
        """The entries it got, in the order in which they came."""
        return [body["seq"] for body in self.bodies]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request after another on a connection."""
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                headers = {name.lower(): value for name, value in headers.items()}
                self._take(head, headers, await reader.readexactly(int(headers["content-length"])))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if isinstance(answer, bytes):
                    writer.write(answer)
                    await writer.drain()
                else:
                    await answer(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _take(self, head: str, headers: dict[str, str], body: bytes) -> None:
        if self.secret:
            Verifier(self.secret).verify(body, headers)  # raises, and so gives no answer
        self.heads.append(head)
        self.ids.append(headers["webhook-id"])
        self.bodies.append(orjson.loads(body))


@asynccontextmanager
async def receiving(*answers: bytes | Behaviour, ssl: Any = None) -> AsyncIterator[Receiver]:
    """A receiver that answers like this."""
    receiver = Receiver(list(answers) or [OK])
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=ssl)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()


async def silent(_writer: asyncio.StreamWriter) -> None:
    """Takes the message and says nothing for a long time."""
    await asyncio.sleep(10)


async def endless_headers(writer: asyncio.StreamWriter) -> None:
    """Begins an answer that has no end before its body."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + b"x" * 1000 + b"\r\n")
        await writer.drain()


async def endless_body(writer: asyncio.StreamWriter) -> None:
    """Answers well, and goes on for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1000\r\n" + b"y" * 4096 + b"\r\n")
        await writer.drain()


async def dripping(writer: asyncio.StreamWriter) -> None:
    """Gives one byte after another."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"z")
        await writer.drain()
        await asyncio.sleep(0.05)


async def hints_without_end(writer: asyncio.StreamWriter) -> None:
    """Says that an answer is to come, again and again."""
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)
