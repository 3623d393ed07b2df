"""Hearing no more, by mail: what a mail program's own button sends, or a person."""

from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.mailed.settling import Outcome, dropped
from app.notifications import stopping
from app.notifications.mailboxes import Declining, Unsubscribing
from app.outreach import answering


async def leave(session: AsyncSession, box: Unsubscribing | Declining) -> Outcome:
    """Stop what the address was made for. A second time changes nothing; of who is gone, nothing is left to stop."""
    try:
        if isinstance(box, Declining):
            await answering.decline_by_mail(session, box.invitee)
            return Outcome("done", "declined", answered=False)
        stop = stopping.unpacked(box.held)
        if stop is None:
            return dropped("no_such_address")
        await stopping.set_pace(session, stop, "never")
    except errors.Unavailable:
        raise
    except errors.PlenaryError:
        return dropped("gone")
    return Outcome("done", "stopped", answered=False)
