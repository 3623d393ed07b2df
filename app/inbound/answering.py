"""An answer, by mail, to what was asked about a mail: as good as the button on the page, where it says enough."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.inbound.arrival import Arrival
from app.inbound.opening import read_answer
from app.language import gettext as _
from app.mailed import asking
from app.mailed.settling import About, Outcome, refused
from app.notifications.mailboxes import Question


async def answer(session: AsyncSession, arrival: Arrival, box: Question, about: About) -> tuple[About, Outcome]:
    """Yes, or how it is to be signed. What was asked about is then dealt with, and its sender hears of that."""
    said, byline = read_answer(arrival.opening.rest), arrival.opening.byline
    says_yes = said is True or (said is None and byline is not None)
    believed = arrival.own.sure and arrival.verdict != "fail"
    if says_yes and believed:
        if await asking.confirm_by_mail(session, box.mail, arrival.taken.id, arrival.sender, byline):
            return about, Outcome("done", "confirmed", answered=False)
    elif said is False and believed and await asking.give_up_by_mail(session, box.mail, arrival.sender):
        return about, Outcome("done", "given_up")
    return about, refused("not_confirmed", _("This did not answer the question. Please open the link in the mail that "
                                             "asked you, or answer that mail with the one word YES."))  # fmt: skip
