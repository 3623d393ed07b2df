"""Send what is due. Messages are made from the rows at this moment, so that nothing erased since is sent."""

import asyncio
import logging
from uuid import UUID

import aiosmtplib
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts.sign_in import letter_for
from app.database import Database
from app.notifications import (
    contributors_told,
    deliveries,
    gatherings,
    invitations,
    letters,
    mandates,
    outcome_sent,
    outcomes,
    outreach,
    roles,
    transport,
    wording,
)
from app.notifications.deliveries import Due
from app.notifications.webhooks import letter as webhook_letter
from app.outreach.delivering import note_bounced, note_sent
from app.readings.invitation_letters import invitation_letter
from app.readings.letters import decision_letter
from app.readings.mandates import mandate_letter, organisation_letter
from app.readings.meeting_letters import meeting_letter, registration_letter
from app.readings.outcome_letters import appeal_letter, flag_letter
from app.readings.outreach_letters import invitee_letter
from app.readings.sources import source_letter
from app.readings.team import ended_letter, offer_letter

_AT_ONCE = 3  # connections to the mail server
_BATCH = 15
_INVITEE = "invitee"  # the kind of deliveries to people on organisers' lists
_NOWHERE = ".invalid"  # RFC 2606; people of the sample live there

log = logging.getLogger(__name__)


async def send_due(database: Database, base_url: str) -> int:
    """Send one batch of the messages that are due, and return how many there were. A failed one is tried again later.

    Raises Unavailable where the database does not answer; what was claimed then falls due again by itself.
    """
    async with database.writing() as session:
        claimed = await deliveries.claim(session, _BATCH)
    room = asyncio.Semaphore(_AT_ONCE)

    async def send_one(due: Due) -> None:
        async with room:
            await _send(database, base_url, due)

    await asyncio.gather(*(send_one(due) for due in claimed))
    return len(claimed)


async def _send(database: Database, base_url: str, due: Due) -> None:
    failed: Exception | None = None
    try:
        letter = await _letter(database, base_url, due)
        if letter is None or letter.email.endswith(_NOWHERE):
            async with database.writing() as session:
                await _drop(session, due, letter)
            return
        await transport.send(letters.message(letter, due.key, due.created, base_url), due.key)
    except errors.Unavailable:
        raise
    except Exception as fault:  # noqa: BLE001  # one message that cannot be made must not stop the others
        failed = fault
    async with database.writing() as session:
        if failed is not None:
            log.warning("Mail %s could not be sent (try %d): %s", due.id, due.tries, _without_addresses(failed))
            await _fail(session, due, failed)
        else:
            await deliveries.mark_sent(session, due)
            if due.kind == _INVITEE:
                await note_sent(session, due.subject)


async def _drop(session: AsyncSession, due: Due, letter: letters.Letter | None) -> None:
    await deliveries.mark_dropped(session, due, "there is nothing to send, or nobody to send it to")
    if due.kind == _INVITEE and letter is not None:
        await note_bounced(session, due.subject, "unknown")


async def _fail(session: AsyncSession, due: Due, failed: Exception) -> None:
    """Try again later; but whom a server refuses for good, on an organiser's list, is not tried again."""
    error = _without_addresses(failed)
    bounce = outreach.bounce_of(failed) if due.kind == _INVITEE else None
    if bounce is not None:
        await deliveries.mark_dropped(session, due, error)
        await note_bounced(session, due.subject, bounce)
    elif await deliveries.mark_failed(session, due, error) and due.kind == _INVITEE:
        await note_bounced(session, due.subject, "unreachable")


async def _letter(database: Database, base_url: str, due: Due) -> letters.Letter | None:
    if due.kind in outcome_sent.KINDS:
        return await outcome_sent.letter(database, base_url, due)
    async with database.writing() as session:
        if due.kind == "sign_in":
            asked = await letter_for(session, due.subject)
            return wording.sign_in(asked, base_url) if asked else None
        if due.kind == "source":
            source = await source_letter(session, due.subject)
            return wording.source(source, base_url) if source else None
        if due.kind == _INVITEE:
            invited = await invitee_letter(session, due.subject)
            return outreach.invitation(invited, base_url) if invited else None
        if due.kind == "told":
            return await contributors_told.letter(session, base_url, due)
        if due.kind == "organisation":
            question = await organisation_letter(session, due.subject)
            return mandates.to_organisation(question, base_url) if question else None
        if due.kind == "role_offer":
            offer = await offer_letter(session, due.subject)
            return roles.offered(offer, base_url) if offer else None
        return await _told(session, base_url, due, due.person) if due.person else None


async def _told(session: AsyncSession, base_url: str, due: Due, person: UUID) -> letters.Letter | None:
    if due.kind == "flag":
        closed = await flag_letter(session, due.subject, person)
        return outcomes.flag_closed(closed, base_url) if closed else None
    if due.kind == "webhook":
        return await webhook_letter.paused(session, due.subject, person, base_url)
    if due.kind == "appeal":
        answered = await appeal_letter(session, due.subject, person)
        return outcomes.appeal_decided(answered, base_url) if answered else None
    if due.kind == "mandate":
        claim = await mandate_letter(session, due.subject, person)
        return mandates.answered(claim, base_url) if claim else None
    if due.kind == "role_ended":
        ended = await ended_letter(session, due.subject, person)
        return roles.taken_back(ended, base_url) if ended else None
    if due.kind == "registration":
        answer = await registration_letter(session, due.subject, person)
        return gatherings.registration(answer, base_url) if answer else None
    if due.kind in ("meeting", "cancellation"):
        meeting = await meeting_letter(session, due.subject, person, cancelled=due.kind == "cancellation")
        return gatherings.changed(meeting, base_url) if meeting else None
    if due.kind == "invitation":
        written = await invitation_letter(session, due.subject, person)
        return invitations.invitation(written, base_url) if written else None
    told = await decision_letter(session, due.subject, person)
    return wording.decision(told, base_url) if told else None


def _without_addresses(error: Exception) -> str:
    """What went wrong, without the server's words: they often repeat the recipient."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        codes = ", ".join(str(refused.code) for refused in error.recipients)
        return f"recipient refused ({codes})"
    code = getattr(error, "code", None) or getattr(error, "errno", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
