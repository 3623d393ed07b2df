"""What `restore` does with the list of erasures: repeat in the restored database what was destroyed since."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts.actions import erase_account
from app.contributions import actions, depositing, redacting, translation_steps
from app.database import Database
from app.moderation import erasing
from app.outreach.answering import decline_again
from app.permissions import OPERATOR

_REASON = "Erased before; repeated after a backup was restored."


async def reapply(database: Database, entries: list[dict[str, Any]]) -> None:
    """Erase again, in a restored database, everything on the list, each in a transaction of its own.

    What the backup does not know was written after it and is gone already. Raises `OperatorError` for an entry that the
    list cannot have got from us: to pass it over would bring back what it speaks of.
    """
    for number, entry in enumerate(entries, 1):
        try:
            async with database.writing() as session:
                await _repeat(session, entry)
        except errors.NotFound:
            continue
        except (KeyError, TypeError, ValueError) as error:
            raise errors.OperatorError(
                f"Entry {number} of the list of erasures cannot be understood: nothing was restored. Mend that line, "
                "or put the list back as the server wrote it."
            ) from error


async def _repeat(session: AsyncSession, entry: dict[str, Any]) -> None:
    subject = UUID(entry["subject"])
    if entry["kind"] == "account.erased":
        await erasing.keep_all_anonymous(session, OPERATOR, subject)  # what was to go is on the list by itself
        await erase_account(session, OPERATOR, subject)
    elif entry["kind"] == "invitee.declined":
        await decline_again(session, bytes.fromhex(entry["hash"]))
    elif "byline" in entry:
        await _lower(session, subject, entry["byline"])
    elif "translation" in entry:
        await translation_steps.repeat_erasure(session, subject, UUID(entry["translation"]))
    elif "attachment" in entry:
        await redacting.repeat_removal(session, subject, UUID(entry["attachment"]))
    elif "deposit" in entry:
        await depositing.repeat_no(session, OPERATOR, subject, datetime.fromisoformat(entry["time"]))
    elif "revision" in entry and entry["kind"] != "contribution.erased":
        await erasing.repeat_of_revision(session, OPERATOR, subject, UUID(entry["revision"]), _REASON)
    else:
        await erasing.erase(session, OPERATOR, subject, _REASON)


async def _lower(session: AsyncSession, contribution: UUID, byline: str) -> None:
    with suppress(errors.Invalid):  # it is as low or lower already
        await actions.lower_byline(session, OPERATOR, contribution, byline)
