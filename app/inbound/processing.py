"""A mail that was kept is dealt with: once, in one transaction, with all that comes of it.

What takes long (reading it, looking into its files) or needs a transaction of its own (limits) comes before.
"""

import asyncio
import logging
import traceback
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from app import clock, errors
from app.accounts import limits
from app.accounts.people import email_address
from app.config import settings
from app.database import Database
from app.files import apart
from app.files.uploads import Upload
from app.inbound import bounces, leaving, parsing, writers
from app.inbound.arrival import Arrival, arrived
from app.inbound.mail import Mail, Reason, Unreadable
from app.inbound.routing import route
from app.inbound.sender import verdict
from app.language import gettext as _
from app.language import speaking
from app.mailed import intake
from app.mailed.intake import Taken
from app.mailed.settling import About, Outcome, dropped, refused, settle, unanswered
from app.notifications.mailboxes import (
    Bounce,
    Declining,
    Mailbox,
    Question,
    Reply,
    Rewriting,
    Unsubscribing,
    read_address,
)

log = logging.getLogger(__name__)


async def take_in(database: Database, only: UUID | None = None) -> bool:
    """Deal with one mail that has arrived, or with this one. Returns whether there was one.

    Raises Unavailable where the database does not answer; the mail then falls due again by itself.
    """
    async with database.writing() as session:
        taken = await intake.claim(session, only)
    if taken is None:
        return False
    try:
        if taken.tries > intake.MOST_DEATHS:
            raise RuntimeError("whoever tried did not live to tell")
        await _deal_with(database, taken)
    except errors.Unavailable:
        raise
    except Exception as fault:  # noqa: BLE001  # one mail that cannot be dealt with must not stop the others
        last = traceback.extract_tb(fault.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"  # not the message, which may repeat an address
        log.error("Mail %s failed (try %d): %s at %s", taken.id, taken.tries, type(fault).__name__, place)
        await _try_again(database, taken)
    return True


async def _deal_with(database: Database, taken: Taken) -> None:
    box = read_address(taken.recipient, clock.now())
    try:
        mail = await asyncio.to_thread(parsing.read, taken.raw)
    except Unreadable as fault:
        return await _write_down(database, taken, *await _unreadable(database, taken, fault.reason))
    if isinstance(box, Bounce):
        return await _bounced(database, taken, mail, box)
    if isinstance(box, (Unsubscribing, Declining)):
        return await _unsubscribed(database, taken, box)
    found = verdict(mail.authentication_results, mail.from_address)
    arrival = arrived(taken, mail, box, found) if box is not None else None
    why = _why_dropped(taken, mail, box, arrival)
    if arrival is None or why is not None:
        return await _write_down(database, taken, About(), dropped(why or "no_sender"))
    return await _answer(database, arrival)


async def _answer(database: Database, arrival: Arrival) -> None:
    """Do what the mail asks for, and write down what became of it, in one transaction; or why nothing did."""
    heard = await _may_be_answered(database, arrival)
    try:
        await limits.allow_mail(database, arrival.sender, proven=arrival.verdict == "pass")
        arrival = replace(arrival, files=await _uploads(database, arrival))
        await _do(database, arrival, heard=heard)
    except errors.Unavailable:
        raise
    except errors.PlenaryError as error:
        async with database.writing() as session:
            about = await writers.addressee(session, arrival)
        with speaking(about.language):
            outcome = refused(type(error).__name__.lower(), _in_words(error))
        await _write_down(database, arrival.taken, about, outcome if heard else unanswered(outcome))


async def _do(database: Database, arrival: Arrival, *, heard: bool) -> None:
    async with database.writing() as session:
        row = await intake.hold(session, arrival.taken)
        if row is None:
            return
        about = await writers.addressee(session, arrival)
        with speaking(about.language):
            about, outcome = await route(session, arrival, about)
        on_page = arrival.taken.confirmed_on_page and outcome.state == "done"  # which shows what became of it
        if outcome.state == "asked" and not heard:  # nobody would know of the question
            outcome = dropped("too_many")
        quiet = not heard or on_page
        await settle(session, row, about, unanswered(outcome) if quiet else outcome)
    _note(arrival.taken, outcome, heard=heard)


async def _write_down(database: Database, taken: Taken, about: About, outcome: Outcome) -> None:
    async with database.writing() as session:
        row = await intake.hold(session, taken)
        if row is None:
            return
        await settle(session, row, about, outcome)
    _note(taken, outcome, heard=True)


async def _bounced(database: Database, taken: Taken, mail: Mail, box: Bounce) -> None:
    async with database.writing() as session:
        row = await intake.hold(session, taken)
        if row is None:
            return
        outcome = await bounces.note(session, mail, box)
        await settle(session, row, About(), outcome)
        row.raw = None  # it repeats whom we wrote to, and what
    _note(taken, outcome, heard=True)


async def _unsubscribed(database: Database, taken: Taken, box: Unsubscribing | Declining) -> None:
    """Whoever sends it, program or person: the address is the secret, as the link is. Nobody is answered."""
    async with database.writing() as session:
        row = await intake.hold(session, taken)
        if row is None:
            return
        outcome = await leaving.leave(session, box) if taken.returns else dropped("null_sender")
        await settle(session, row, About(), outcome)
    _note(taken, outcome, heard=True)


async def _try_again(database: Database, taken: Taken) -> None:
    """Later; and after the last time its sender hears that it was not dealt with, where their address is known."""
    to = await _returns_of(database, taken) if taken.tries >= intake.MOST_TRIES else None
    async with database.writing() as session:
        if await intake.try_again(session, taken):
            return
        row = await intake.hold_failed(session, taken)
        if row is not None and to is not None:
            sorry = _("Something went wrong here, and your mail was not dealt with. It is kept, and we know of it.")
            await settle(session, row, About(sender=to), Outcome("failed", "error", sorry))


async def _unreadable(database: Database, taken: Taken, reason: Reason) -> tuple[About, Outcome]:
    """What cannot be read is answered where a person can do something about it."""
    words = {
        Reason.ENCRYPTED: _("Your mail is encrypted, and this service cannot read it. Please send it as it is."),
        Reason.SEALED: _("Your mail is sealed in a form that this service cannot read. Please send it unsigned, or as "
                         "plain text."),
        Reason.TOO_MANY_ATTACHMENTS: _("Your mail has too many files. Please send fewer."),
    }.get(reason)  # fmt: skip
    why = reason.value.replace(" ", "_")
    to = await _returns_of(database, taken) if words is not None else None
    return (About(sender=to), refused(why, words)) if words is not None and to is not None else (About(), dropped(why))


async def _returns_of(database: Database, taken: Taken) -> str | None:
    """Where to answer a mail of which nothing is known but its envelope; None where that may be nobody's, is ours, or
    has had its answers: anybody can write any address there."""
    try:
        to = email_address(taken.returns)
        if _is_ours(to, taken):
            return None
        await limits.allow_mail_answer(database, to, believed=False)
    except (errors.Invalid, errors.RateLimited):
        return None
    return to


def _why_dropped(taken: Taken, mail: Mail, box: Mailbox | None, arrival: Arrival | None) -> str | None:
    """Why a mail is neither dealt with nor answered: nobody wrote it, it is not for us, or it comes from ourselves."""
    if box is None:
        return "no_such_address"
    if not taken.returns:
        return "null_sender"
    if mail.automatic is not None:
        return mail.automatic.value.replace(" ", "_")
    if mail.list_id is not None:
        return "mailing_list"
    if arrival is None:
        return "no_sender"
    return "loop" if _is_ours(arrival.sender, taken) else None


def _is_ours(sender: str, taken: Taken) -> bool:
    """Whether a mail comes from ourselves."""
    ours = (settings().mail_from.rpartition("<")[2].rstrip("> ").lower(), taken.recipient)
    return sender in ours or read_address(sender, clock.now()) is not None


async def _may_be_answered(database: Database, arrival: Arrival) -> bool:
    """Whether this address has not had too many answers today: it may not be who sent these mails at all."""
    box = arrival.box
    is_theirs = isinstance(box, (Reply, Rewriting))
    whom = str(box.person) if isinstance(box, (Reply, Rewriting)) else arrival.sender
    try:
        await limits.allow_mail_answer(database, whom, believed=is_theirs or arrival.verdict == "pass")
    except errors.RateLimited:
        return False
    return True


async def _uploads(database: Database, arrival: Arrival) -> tuple[Upload, ...]:
    files = () if isinstance(arrival.box, Question) else arrival.mail.attachments
    if files:
        await limits.allow_mailed_files(database, arrival.sender)
    return tuple([await apart.upload(each.name, each.content) for each in files])


def _in_words(error: errors.PlenaryError) -> str:
    """Why it was refused: of fields that cannot be taken, what is wrong with each."""
    return "\n".join(error.fields.values()) if isinstance(error, errors.Invalid) else error.message


def _note(taken: Taken, outcome: Outcome, *, heard: bool) -> None:
    """One line for each mail, without an address: none is lost silently."""
    suffix = "" if heard else ", and not answered: there were too many from there"
    log.info("Mail %s: %s (%s)%s", taken.id, outcome.state, outcome.reason, suffix)
