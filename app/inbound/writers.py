"""Who writes a mail, and what has to be asked of them before anything is done in their name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.actors import actor_of_person
from app.inbound.arrival import Arrival
from app.inbound.telling import telling
from app.mailed.asking import ACCOUNT, BYLINE, IDENTITY, LOOK
from app.mailed.settling import About
from app.notifications.mailboxes import Reply, Rewriting
from app.permissions import ANYONE, Actor
from app.readings.mail_places import Writer, writer

_WITHHOLDING = ("organisation", "anonymous")


@dataclass(frozen=True, slots=True)
class Known:
    """The sender: their account, None where they have none, and whether it is `sure` that they sent this."""

    actor: Actor
    account: Writer | None
    sure: bool


@dataclass(frozen=True, slots=True)
class Asks:
    """What has to be asked first, and what in the text says who wrote it."""

    asks: Sequence[str]
    told: Sequence[str]


async def addressee(session: AsyncSession, arrival: Arrival) -> About:
    """What is known of a mail before anything is done: above all who is answered, and in which language.

    For whom an address was made is answered at their own, whatever the mail says it is from.
    """
    about, box = arrival.about(), arrival.box
    if isinstance(box, (Reply, Rewriting)):
        account = await writer(session, person=box.person)
    else:
        account = await writer(session, email=arrival.sender)
    if account is None:
        return about
    return replace(about, sender=account.email, person=account.id, language=account.language)


async def of_reply(session: AsyncSession, arrival: Arrival, box: Reply | Rewriting) -> Known | None:
    """For whom the address was made; sure where they sent it, and nothing speaks against it. None once they are gone.

    The address is a secret between them and us: that the mail has it, and their name, is enough where no server looks.
    """
    account = await writer(session, person=box.person)
    if account is None:
        return None
    is_theirs = account.email == arrival.sender and arrival.verdict != "fail"
    return Known(await actor_of_person(session, account.id), account, is_theirs or arrival.taken.confirmed)


async def of_stranger(session: AsyncSession, arrival: Arrival) -> Known:
    """Whose address the mail says it is from; sure only where the trusted server says so, too: anybody can write it."""
    account = await writer(session, email=arrival.sender)
    sure = arrival.verdict == "pass" or arrival.taken.confirmed
    return Known(await actor_of_person(session, account.id) if account else ANYONE, account, sure)


def byline_of(arrival: Arrival, known: Known) -> str | None:
    """How the text is to be signed: as the mail says, as was chosen for it, or as last time; None for never chosen."""
    return arrival.opening.byline or arrival.taken.byline or (known.account.byline if known.account else None)


def to_ask(arrival: Arrival, known: Known, byline: str | None, *texts: str) -> Asks:
    """What stands between this mail and its publication; nothing, once its sender has said yes."""
    told = told_in(arrival, known, byline, *texts)
    if arrival.taken.confirmed and byline is not None and known.actor.complete:
        return Asks((), told)
    asks = [] if known.sure else [IDENTITY]
    if not known.actor.complete:
        asks = [ACCOUNT]  # the link shows whose address it is
    if byline is None:
        asks.append(BYLINE)
    elif told:
        asks.append(LOOK)
    return Asks(tuple(asks), told)


def told_in(arrival: Arrival, known: Known, byline: str | None, *texts: str) -> tuple[str, ...]:
    """What these texts say of their author that the byline withholds, or would, if one were chosen."""
    if byline not in (None, *_WITHHOLDING):
        return ()
    account = known.account
    names = [name for name in (arrival.mail.from_name, account.name if account else None) if name]
    organisation = account.organisation if account and byline != "organisation" else None
    return telling("\n".join(texts), names, organisation)
