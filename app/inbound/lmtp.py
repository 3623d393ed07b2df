"""Mail over LMTP (RFC 2033), from the organisers' own mail server. What is answered with 250 is kept.

Each server process listens on the same port: to take a mail in is one insert, and the worker does the rest.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

from app import clock, errors
from app.accounts import limits
from app.config import Settings
from app.database import Database
from app.inbound.limits import LARGEST, MOST_RECIPIENTS
from app.mailed import intake
from app.notifications.mailboxes import read_address

log = logging.getLogger(__name__)
logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # the library's, which writes addresses and texts

_LONGEST_LINE = 65_536  # bytes; servers break lines, but not all do it at 998
_PATIENCE = 60.0  # seconds that a server may take for its next line


@asynccontextmanager
async def listening(database: Database, chosen: Settings) -> AsyncIterator[int | None]:
    """Take mail in, where a port is set, until the block is left. Gives the port."""
    if chosen.lmtp_port is None:
        yield None
        return
    loop = asyncio.get_running_loop()
    host, port = chosen.lmtp_host, chosen.lmtp_port
    try:
        server = await loop.create_server(lambda: _Protocol(database, loop), host, port, reuse_port=True)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise errors.OperatorError(f"Cannot take mail on {host}, port {port}: {why}.", status=2) from error
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


class _Protocol(LMTP):
    """LMTP as RFC 2033 has it: after the message one answer for each recipient, which the library does not know."""

    line_length_limit = _LONGEST_LINE

    def __init__(self, database: Database, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            _Taking(database), data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="plenary", ident="Plenary LMTP",
            timeout=_PATIENCE, loop=loop,
        )  # fmt: skip
        self._to_answer = 0

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  # the library's name
        """The message; whatever the library says of it as a whole, it says to each recipient."""
        self._to_answer = len(self.envelope.rcpt_tos) if self.envelope else 0
        try:
            await super().smtp_DATA(arg)
        finally:
            self._to_answer = 0

    async def push(self, status: str) -> None:  # type: ignore[override]  # all of ours are text
        """An answer; of a message, as often as it has recipients."""
        is_verdict = self._to_answer and not status.startswith(("354", "503", "501"))
        if is_verdict and "\r\n" not in status:
            status = "\r\n".join([status] * self._to_answer)
        await super().push(status)


class _Taking:
    """What is done with each recipient and each message."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, _server: LMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if read_address(address, clock.now()) is None:
            return "550 5.1.1 There is no such mailbox"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(  # noqa: N802  # the library's name
        self, _server: LMTP, _session: Session, envelope: Envelope
    ) -> str:
        raw, returns = envelope.content, envelope.mail_from or ""
        assert isinstance(raw, bytes)  # nothing is decoded
        return "\r\n".join([await self._keep(returns, each, raw) for each in envelope.rcpt_tos])

    async def _keep(self, returns: str, recipient: str, raw: bytes) -> str:
        try:
            await limits.allow_mail_in(self.database, returns or recipient)
            async with self.database.writing() as session:
                id, new = await intake.keep(session, returns, recipient, raw)
        except errors.RateLimited:
            return "451 4.7.1 Too many messages, try again later"
        except errors.PlenaryError:
            return "451 4.3.0 Not now, try again later"
        except Exception as fault:  # noqa: BLE001  # the server must hear that nothing was kept
            log.error("A mail could not be kept: %s", type(fault).__name__)
            return "451 4.3.0 Not now, try again later"
        log.info("Mail %s came by LMTP%s", id, "" if new else ", once more")
        return "250 2.0.0 Kept"

    async def handle_exception(self, error: Exception) -> str:
        log.error("LMTP: %s", type(error).__name__)
        return "451 4.3.0 Not now, try again later"
