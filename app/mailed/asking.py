"""What the sender of a mail is asked before anything is done with it, and their answer: on a page, or by mail.

The page needs no sign-in: its link is in a mail to the sender, and its secret part is an HMAC under the server's key,
so nothing stores it. Opening it changes nothing; only the button does. What was asked is then no longer a hindrance,
and the mail is dealt with again, as if it had just come in.
"""

import hmac
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.accounts.actions import complete_profile
from app.accounts.actors import actor_of_person
from app.accounts.byline import speaks_for_one
from app.accounts.people import find_or_register
from app.accounts.profile_form import ProfileForm
from app.accounts.tokens import sealed
from app.accounts.vocabulary import BYLINES
from app.language import gettext as _
from app.mailed.models import InboundMail

IDENTITY = "identity"  # whether it was them: nothing else shows it
ACCOUNT = "account"  # a name, and consent to the privacy note
BYLINE = "byline"  # they never chose one
LOOK = "look"  # it says who they are, and the byline withholds that
ANSWERS = "answers"  # it answers several questions, and would become several texts
WITHDRAWAL = "withdrawal"  # a text is to be taken back

State = Literal["good", "under_way", "settled", "over", "unknown"]


def link_path(mail: UUID) -> str:
    """The path of the page on which the sender answers, and sees what became of their mail."""
    return f"/mail/{mail}/{_token(mail)}"


def state_of(id: UUID, token: str, mail: InboundMail | None) -> State:
    """What opening a link would show, for this mail or where there is none (any more)."""
    if not hmac.compare_digest(token.encode(errors="replace"), _token(id).encode()):
        return "unknown"
    if mail is None or mail.sender is None:
        return "over"
    if mail.state == "arrived":
        return "under_way"
    if mail.state != "asked":
        return "settled"
    return "over" if mail.expires is None or mail.expires <= clock.now() else "good"


async def confirm(
    session: AsyncSession, id: UUID, token: str, byline: str | None = None,
    newcomer: ProfileForm | None = None, *, consents: bool = False,
) -> None:  # fmt: skip
    """The sender says yes; who is new gives a name and consents, and has an account from then on.

    Raises NotFound for what is no link, Gone where it was answered or is over, Invalid for each field that is missing.
    """
    mail = await _asked(session, id, token)
    if BYLINE in mail.asks and not await _can_sign(session, mail, byline):
        raise errors.Invalid({"byline": _("Please choose how your text is signed.")})
    if ACCOUNT in mail.asks:
        await _register(session, mail, newcomer or ProfileForm(name=""), consents=consents)
    await _confirmed(session, mail, byline if BYLINE in mail.asks else None, by=None)


async def give_up(session: AsyncSession, id: UUID, token: str) -> None:
    """The sender says no: nothing is done with the mail, and what it says is deleted. Raises NotFound, Gone."""
    await _given_up(session, await _asked(session, id, token))


async def confirm_by_mail(session: AsyncSession, id: UUID, by: UUID, sender: str, byline: str | None) -> bool:
    """As `confirm`, in the mail `by` from this address. Returns whether that was enough: what needs a name or a choice
    that the mail does not have, and what somebody else was asked, waits for the page."""
    mail = await _asked_by_mail(session, id, sender)
    if mail is None or ACCOUNT in mail.asks:
        return False
    if BYLINE in mail.asks and not await _can_sign(session, mail, byline):
        return False
    await _confirmed(session, mail, byline if BYLINE in mail.asks else None, by)
    return True


async def give_up_by_mail(session: AsyncSession, id: UUID, sender: str) -> bool:
    """As `give_up`, in a mail from this address. Returns whether it was who was asked."""
    mail = await _asked_by_mail(session, id, sender)
    if mail is not None:
        await _given_up(session, mail)
    return mail is not None


async def _asked_by_mail(session: AsyncSession, id: UUID, sender: str) -> InboundMail | None:
    mail = await session.get(InboundMail, id, with_for_update=True, populate_existing=True)
    is_asked = mail is not None and mail.sender == sender and state_of(id, _token(id), mail) == "good"
    return mail if is_asked else None


async def _can_sign(session: AsyncSession, mail: InboundMail, byline: str | None) -> bool:
    """Whether this is a byline that they can have: an organisation's, only who writes on behalf of one."""
    if byline != "organisation":
        return byline in BYLINES
    return mail.person_id is not None and await speaks_for_one(session, mail.person_id)


async def _given_up(session: AsyncSession, mail: InboundMail) -> None:
    mail.state, mail.settled = "given_up", clock.now()
    mail.raw = mail.text = mail.subject = None
    mail.parts, mail.told = [], []
    await session.flush()


async def _asked(session: AsyncSession, id: UUID, token: str) -> InboundMail:
    mail = await session.get(InboundMail, id, with_for_update=True, populate_existing=True)
    state = state_of(id, token, mail)
    if state == "unknown":
        raise errors.NotFound(_("There is no such page."))
    if mail is None or state != "good":
        raise errors.Gone(_("This was answered already, or is over."))
    return mail


async def _register(session: AsyncSession, mail: InboundMail, form: ProfileForm, *, consents: bool) -> None:
    assert mail.sender is not None  # there is somebody who was asked
    person, _new = await find_or_register(session, mail.sender, mail.language)
    actor = await actor_of_person(session, person)
    if not actor.complete:
        await complete_profile(session, actor, form, consents=consents)
    mail.person_id = person


async def _confirmed(session: AsyncSession, mail: InboundMail, byline: str | None, by: UUID | None) -> None:
    now = clock.now()
    mail.state, mail.due, mail.tries, mail.confirmed, mail.confirmed_by = "arrived", now, 0, now, by
    mail.byline = byline or mail.byline
    await session.flush()
    await record.append(session, None, "mail.confirmed", mail.id)


def _token(mail: UUID) -> str:
    return sealed("mail link", mail.bytes).hex()
