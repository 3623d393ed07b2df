"""Send what is due. Messages are made from the rows at this moment, so that nothing erased since is sent.

Each goes out at least once: a message is noted as sent after the server took it, and should the process die between the
two it goes out again, with the same Message-ID, by which receivers drop the second copy.
"""

import asyncio
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import aiosmtplib

from app import errors
from app.database import Database
from app.notifications import deliveries, letters, mailboxes, outreach
from app.notifications.bouncing import address_failed, is_about_us, is_for_good
from app.notifications.deliveries import Due
from app.notifications.making import letter_of
from app.notifications.transport import Away, Line
from app.outreach.delivering import note_bounced, note_sent

_LINES = 3  # connections to the mail server at once
_BATCH = 30
_TAKEN_UP_FOR = 15.0  # seconds after which a batch begins nothing new: its claim will lapse
_INVITEE = "invitee"  # the kind of deliveries to people on organisers' lists
_NOWHERE = ".invalid"  # RFC 2606; people of the sample live there
_AWAY_FOR = (10.0, 30.0, 120.0, 300.0)  # seconds without a try after so many in vain

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Outage:
    """The mail server as the last try found it: while it is away, nothing is tried for a while, ever longer."""

    tries: int = 0
    until: float = 0.0  # of the monotonic clock

    def lasts(self) -> bool:
        return time.monotonic() < self.until

    def goes_on(self) -> float:
        """It is (still) away. Returns for how many seconds it is left alone now."""
        pause = _AWAY_FOR[min(self.tries, len(_AWAY_FOR) - 1)]
        self.tries, self.until = self.tries + 1, time.monotonic() + pause
        return pause


async def send_due(database: Database, base_url: str, outage: Outage | None = None) -> int:
    """Send one batch of the messages that are due, and return how many there were. A failed one is tried again later.

    Raises Unavailable where the database does not answer; what was claimed then falls due again by itself.
    """
    outage = outage or Outage()
    if outage.lasts():
        return 0
    async with database.writing() as session:
        claimed = await deliveries.claim(session, _BATCH)
    if claimed:
        batch = _Batch(database, base_url, iter(claimed), outage, time.monotonic() + _TAKEN_UP_FOR)
        lines = (batch.work_off() for _ in range(min(_LINES, len(claimed))))
        for failed in await asyncio.gather(*lines, return_exceptions=True):  # all have ended before one is told of
            if failed is not None:
                raise failed
        await batch.put_back_the_rest()
    return len(claimed)


@dataclass(slots=True)
class _Batch:
    """Messages that are sent over a few connections, each of which takes the next when it has done with the last."""

    database: Database
    base_url: str
    rest: Iterator[Due]
    outage: Outage
    until: float
    away: float = 0.0  # for so many seconds the server is left alone

    async def work_off(self) -> None:
        async with Line() as line:
            while not self.away and time.monotonic() < self.until and (due := next(self.rest, None)):
                await self._send(line, due)

    async def put_back_the_rest(self) -> None:
        """What was not tried counts as no try."""
        if rest := list(self.rest):
            async with self.database.writing() as session:
                await deliveries.put_back(session, rest, timedelta(seconds=self.away))

    async def _send(self, line: Line, due: Due) -> None:
        try:
            letter = await letter_of(self.database, due, self.base_url)
            if letter is None or letter.email.endswith(_NOWHERE):
                await self._drop(due, letter)
                return
            mail = letters.message(letter, due.key, due.created, self.base_url)
            await line.send(mail, due.key, mailboxes.bounce_address(due.id))
        except errors.Unavailable:
            raise
        except Exception as fault:  # noqa: BLE001  # one message that cannot be made must not stop the others
            await self._fail(due, fault)
            return
        self.outage.tries = 0
        async with self.database.writing() as session:
            await deliveries.mark_sent(session, due)
            if letter.then is not None:
                await letter.then(session)
            if due.kind == _INVITEE:
                await note_sent(session, due.subject)

    async def _drop(self, due: Due, letter: letters.Letter | None) -> None:
        async with self.database.writing() as session:
            await deliveries.mark_dropped(session, due, "there is nothing to send, or nobody to send it to")
            if due.kind == _INVITEE and letter is not None:
                await note_bounced(session, due.subject, "unknown")

    async def _fail(self, due: Due, fault: Exception) -> None:
        """Try again later; but not whom a server refuses for good, on an organiser's list or with an account."""
        error = _without_addresses(fault)
        log.warning("Mail %s could not be sent (try %d): %s", due.id, due.tries, error)
        if isinstance(fault, Away) and not self.away:
            self.away = self.outage.goes_on()
        refused = _refusal(fault)
        bounce = outreach.bounce_of(fault) if due.kind == _INVITEE else None
        async with self.database.writing() as session:
            if bounce is not None:
                await deliveries.mark_dropped(session, due, error)
                await note_bounced(session, due.subject, bounce)
            elif due.person is not None and refused is not None:
                await deliveries.mark_dropped(session, due, error)
                await address_failed(
                    session, due.person, "bounce", permanent=is_for_good(refused.code, refused.message)
                )
            elif await deliveries.mark_failed(session, due, error) and due.kind == _INVITEE:
                await note_bounced(session, due.subject, "unreachable")


def _refusal(fault: Exception) -> aiosmtplib.SMTPRecipientRefused | None:
    """What a server said that takes no mail for this recipient, and not for now only."""
    if isinstance(fault, aiosmtplib.SMTPRecipientsRefused) and fault.recipients:
        refused = fault.recipients[0]
        return refused if 500 <= refused.code < 600 and not is_about_us(refused.message) else None
    return None


def _without_addresses(error: Exception) -> str:
    """What went wrong, without the server's words: they often repeat the recipient."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        codes = ", ".join(str(refused.code) for refused in error.recipients)
        return f"recipient refused ({codes})"
    if isinstance(error, Away):
        return f"the mail server is away ({error})"
    code = getattr(error, "code", None) or getattr(error, "errno", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
