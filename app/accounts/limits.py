"""How often something may be done: one statement on an unlogged table, so that limits hold across processes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import LargeBinary, bindparam, text

from app import clock, errors
from app.accounts.people import email_address
from app.accounts.tokens import sealed
from app.config import settings
from app.database import Database
from app.language import gettext as _
from app.language import ngettext

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
LONGEST_WINDOW = _DAY
PREVIEWS_PER_QUARTER = 300  # of an hour, from one network: that of a meeting may well have forty people behind it
FILES_PER_HOUR = 120  # or forms with files
MAILS_PER_HOUR = 30  # from one address
MAILS_KEPT_PER_HOUR = 300  # of one envelope's sender; dealt with are far fewer
MAILS_KEPT_IN_ALL = 5_000  # in an hour
MAIL_ANSWERS_PER_DAY = 40  # to one address
MAIL_QUESTIONS_PER_DAY = 10  # to an address that anybody may have written into a mail
WRITES_PER_MINUTE = 600  # by one key
WRITES_OF_A_PERSON = 1200  # a minute, by whatever keys and pages


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a quota is used up: its name, how many it allows in how many seconds, what is left, and until when."""

    name: str
    most: int
    per_seconds: int
    count: int
    resets_in: int

    @property
    def left(self) -> int:
        """How often it may still be done before the window is over."""
        return max(0, self.most - self.count)


_COUNT = text(
    'INSERT INTO rate_limits AS known (key, "window", count) VALUES (:key, :window, 1)'
    ' ON CONFLICT (key, "window") DO UPDATE SET count = known.count + 1 RETURNING known.count'
).bindparams(bindparam("key", type_=LargeBinary))


async def allow(database: Database, what: str, *parts: str, most: int, per_seconds: int) -> None:
    """Count one `what` by whoever `parts` name (a network, an address), in a transaction of its own.

    Raises RateLimited after `most` in a window of `per_seconds` (a day at the most). Only an HMAC of the parts is
    stored. Call it before a transaction is opened: it takes a connection of its own. PLENARY_RATE_LIMITS=off lets
    everything through.
    """
    if settings().rate_limits != "off":
        require_left([await _count(database, what, *parts, most=most, per_seconds=per_seconds)])


def require_left(standings: Sequence[Standing]) -> None:
    """Go on only within all of these quotas. Raises RateLimited."""
    waits = [standing.resets_in for standing in standings if standing.count > standing.most]
    if waits:
        wait = max(waits)
        raise errors.RateLimited(
            _("That was too often. Please try again %(in_time)s.", in_time=_in_time(wait)), retry_after=wait
        )


async def allow_sign_in(database: Database, email: str, network: str) -> None:
    """The limits on asking for a sign-in, per network and per address, known or not. Raises RateLimited, Invalid."""
    await allow(database, "sign-in from", network, most=20, per_seconds=15 * _MINUTE)
    address = email_address(email)  # or each way to write a domain would have a count of its own
    await allow(database, "sign-in to", address, most=5, per_seconds=15 * _MINUTE)
    # Five tries for each of these: a guesser's chance stays below two in ten thousand a day.
    await allow(database, "sign-in to", address, most=30, per_seconds=_DAY)


async def allow_sign_in_tries(database: Database, network: str) -> None:
    """The limit on entering codes and opening links, whatever the challenge. Raises RateLimited."""
    await allow(database, "sign-in try", network, most=60, per_seconds=15 * _MINUTE)


async def allow_preview(database: Database, network: str, person: UUID | None = None) -> None:
    """The limit on having texts rendered that nobody sends: by the person, or else by the network. Raises RateLimited.

    A preview that is kept fresh while somebody types asks every few seconds.
    """
    whose = ("preview of", str(person)) if person else ("preview from", network)
    await allow(database, *whose, most=PREVIEWS_PER_QUARTER, per_seconds=15 * _MINUTE)


async def allow_attachments(database: Database, person: UUID | None) -> None:
    """The limit on how often a person sends files, each of which has to be checked. Raises RateLimited."""
    await allow(database, "attachments of", str(person), most=FILES_PER_HOUR, per_seconds=60 * _MINUTE)


async def allow_mail_in(database: Database, sender: str) -> None:
    """The limit on mails that are kept at all, of one envelope's sender and of all: their servers try again later.

    Raises RateLimited.
    """
    await allow(database, "mail in", most=MAILS_KEPT_IN_ALL, per_seconds=60 * _MINUTE)
    await allow(database, "mail in from", sender, most=MAILS_KEPT_PER_HOUR, per_seconds=60 * _MINUTE)


async def allow_mail(database: Database, sender: str, *, proven: bool) -> None:
    """The limit on mails from an address that are dealt with. Raises RateLimited.

    Mails whose sender is not proven have a count of their own: whoever forges an address does not silence its owner.
    """
    what = "mail from" if proven else "mail said to be from"
    await allow(database, what, sender, most=MAILS_PER_HOUR, per_seconds=60 * _MINUTE)


async def allow_mail_answer(database: Database, whom: str, *, believed: bool) -> None:
    """The limit on answers to an address; the lower one where it may not be who sent what is answered.

    Raises RateLimited.
    """
    most = MAIL_ANSWERS_PER_DAY if believed else MAIL_QUESTIONS_PER_DAY
    await allow(database, "mail answer to", whom, most=most, per_seconds=_DAY)


async def allow_mailed_files(database: Database, sender: str) -> None:
    """The limit on mails with files from an address. Raises RateLimited."""
    await allow(database, "files by mail from", sender, most=MAILS_PER_HOUR // 2, per_seconds=60 * _MINUTE)


async def allow_write(database: Database, person: UUID | None) -> None:
    """The limit on what a person posts and changes, whichever way. Raises RateLimited."""
    require_left(await count_write(database, person))


async def count_write(database: Database, person: UUID | None, key: UUID | None = None) -> list[Standing]:
    """Count a write of a person, by a key where it came by one. Returns how their quotas stand; none if limits are off.

    What is refused by `require_left` afterwards counts as well.
    """
    if settings().rate_limits == "off":
        return []
    counted = [await _count(database, "person", str(person), most=WRITES_OF_A_PERSON, per_seconds=_MINUTE)]
    if key is not None:
        counted.insert(0, await _count(database, "key", str(key), most=WRITES_PER_MINUTE, per_seconds=_MINUTE))
    return counted


def _seconds() -> float:
    return clock.now().timestamp()


async def _count(database: Database, what: str, *parts: str, most: int, per_seconds: int) -> Standing:
    now = _seconds()
    window = int(now) // per_seconds * per_seconds
    key = sealed(
        "rate limit", what.encode(), str(per_seconds).encode(), *(part.encode(errors="replace") for part in parts)
    )
    async with database.at_once() as connection:
        count = int(await connection.scalar(_COUNT, {"key": key, "window": window}))
    return Standing(what, most, per_seconds, count, max(1, int(window + per_seconds - now)))


def _in_time(seconds: int) -> str:
    if seconds < 2 * _MINUTE:
        return ngettext("in %(n)s second", "in %(n)s seconds", seconds)
    if seconds < 2 * _HOUR:
        return ngettext("in %(n)s minute", "in %(n)s minutes", -(-seconds // _MINUTE))
    return ngettext("in %(n)s hour", "in %(n)s hours", -(-seconds // _HOUR))
