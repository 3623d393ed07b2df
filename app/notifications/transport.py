"""How mail leaves: through an SMTP server, or into files where none is set."""

import asyncio
import os
import secrets
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

import aiosmtplib

from app.config import settings

_TIMEOUT = 15.0  # seconds for each step of talking to the server
_IN_ALL = 40.0  # less than a sender has before it is taken for dead
_REFUSED = (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused)  # answers: the connection is well


class Away(Exception):
    """The server could not be reached, or would not talk."""


class Line:
    """A connection to the mail server for many mails, one after the other: opened for the first, closed at the end."""

    def __init__(self) -> None:
        self._client: aiosmtplib.SMTP | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self._hang_up()

    async def send(self, mail: EmailMessage, name: str, sender: str | None = None) -> None:
        """Send a mail. As a file it is called `name`.eml, so that a second copy replaces the first.

        `sender` is where servers report that it cannot be delivered; None: the address that it is from. Raises Away,
        OSError (aiosmtplib's timeouts among them) or aiosmtplib.SMTPException.
        """
        server = settings().smtp_url
        if server is None:
            await asyncio.to_thread(_write, settings().mail_folder, mail, name)
            return
        async with asyncio.timeout(_IN_ALL):
            try:
                await self._submit(mail, server.get_secret_value(), sender)
            except _REFUSED:
                raise
            except BaseException:
                self._forget()
                raise

    async def _submit(self, mail: EmailMessage, url: str, sender: str | None) -> None:
        if self._client is None or not self._client.is_connected:  # servers take only so many mails over one
            self._forget()
            self._client = await _connected(url)
        await self._client.send_message(mail, sender=sender)

    async def _hang_up(self) -> None:
        if self._client is not None:
            with suppress(OSError, aiosmtplib.SMTPException):
                await self._client.quit()
        self._forget()

    def _forget(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None


async def _connected(url: str) -> aiosmtplib.SMTP:
    parts = urlsplit(url)
    client = aiosmtplib.SMTP(
        hostname=parts.hostname,
        port=parts.port,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=parts.scheme == "smtps",
        timeout=_TIMEOUT,
    )
    try:
        await client.connect()
    except (OSError, aiosmtplib.SMTPException) as fault:
        client.close()
        raise Away(type(fault).__name__) from fault
    return client


def _write(folder: Path, mail: EmailMessage, name: str) -> None:
    """Readable by the server's user alone: the file may hold a code to sign in with."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = folder / f".{name}.{secrets.token_hex(4)}"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(mail.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(folder / f"{name}.eml")
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
