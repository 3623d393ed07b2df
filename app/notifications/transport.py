"""How mail leaves: through an SMTP server, or into files where none is set."""

import asyncio
import os
import secrets
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiosmtplib

from app.config import settings

_TIMEOUT = 15.0  # seconds for each step of talking to the server
_IN_ALL = 40.0  # less than a sender has before it is taken for dead


async def send(mail: EmailMessage, name: str) -> None:
    """Send a mail. As a file it is called `name`.eml, so that a second copy replaces the first.

    Raises OSError (aiosmtplib's timeouts among them) or aiosmtplib.SMTPException.
    """
    server = settings().smtp_url
    if server is None:
        await asyncio.to_thread(_write, settings().mail_folder, mail, name)
    else:
        async with asyncio.timeout(_IN_ALL):
            await _submit(mail, server.get_secret_value())


async def _submit(mail: EmailMessage, url: str) -> None:
    parts = urlsplit(url)
    await aiosmtplib.send(
        mail,
        hostname=parts.hostname,
        port=parts.port,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=parts.scheme == "smtps",
        timeout=_TIMEOUT,
    )


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
