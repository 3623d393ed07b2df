"""What the tests of mail share: the folder where it is written, and a mail server to talk to."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.config import settings
from app.database import Database


@dataclass
class MailServer:
    """A very small SMTP server. `refuse` gives the answer to a command instead of 250."""

    port: int = 0
    refuse: dict[str, str] = field(default_factory=dict)
    received: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 test\r\n")
        while line := (await reader.readline()).decode("latin1").strip():
            verb = line.split(" ")[0].upper()
            if verb == "RCPT":
                self.recipients.append(line.split("<")[1].rstrip(">"))
            answer = self.refuse.get(verb, {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 fine"))
            writer.write(f"{answer}\r\n".encode())
            if answer.startswith("354"):
                self.received.append(await reader.readuntil(b"\r\n.\r\n"))
                writer.write(b"250 taken\r\n")
            await writer.drain()
            if verb == "QUIT":
                break
        writer.close()


@pytest.fixture
async def mail_server(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailServer]:
    """A mail server that the settings name."""
    server = MailServer()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    monkeypatch.setenv("PLENARY_SMTP_URL", f"smtp://127.0.0.1:{server.port}")
    settings.cache_clear()
    async with listening:
        yield server


@dataclass(frozen=True)
class MailFolder:
    """The mails that were written to files."""

    path: Path

    def names(self) -> list[str]:
        return sorted(file.name for file in self.path.glob("*"))

    def mails(self) -> list[EmailMessage]:
        files = (file.read_bytes() for file in sorted(self.path.glob("*.eml")))
        return [message_from_bytes(content, policy=policy.default) for content in files]


@pytest.fixture
def mail_folder(database: Database) -> MailFolder:
    """Where mail is written while no server is set."""
    return MailFolder(settings().mail_folder)
