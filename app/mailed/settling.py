"""What became of a mail: written down once, with what its answer has to say. The worker makes the answer from that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, record
from app.mailed.models import InboundMail, InboundText

ASKED_FOR = timedelta(days=14)  # to answer what was asked about a mail

State = Literal["asked", "done", "refused", "dropped", "failed"]


@dataclass(frozen=True, slots=True)
class About:
    """Who sent a mail, and about what: as far as it is known."""

    sender: str | None = None
    person: UUID | None = None
    consultation: UUID | None = None
    language: str = "en"
    message_id: str | None = None
    subject: str = ""
    text: str = ""
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be written down. `answered` where the sender hears of it."""

    state: State
    reason: str
    message: str = ""
    contributions: Sequence[UUID] = ()
    parts: Sequence[dict[str, Any]] = ()
    asks: Sequence[str] = ()
    told: Sequence[str] = ()
    answered: bool = True


def part(
    title: str | None, body: str, byline: str | None, questions: Sequence[str] = (),
    edits: int | None = None, withdraws: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A text that a mail would become, as its sender is shown it; `edits` or `withdraws` one of this number."""
    return {
        "title": title, "body": body, "byline": byline, "questions": list(questions), "edits": edits,
        "withdraws": withdraws,
    }  # fmt: skip


def dropped(reason: str) -> Outcome:
    """Nothing is done, and nobody is answered."""
    return Outcome("dropped", reason, answered=False)


def refused(reason: str, message: str) -> Outcome:
    """Nothing is done, and the sender hears why, in these words; their text goes back with them."""
    return Outcome("refused", reason, message)


def unanswered(outcome: Outcome) -> Outcome:
    """The same, without telling the sender."""
    return replace(outcome, answered=False)


async def settle(session: AsyncSession, mail: InboundMail, about: About, outcome: Outcome) -> None:
    """Write down what became of a mail that is held (`intake.hold`). Appends `mail.answered` where it is answered."""
    now = clock.now()
    mail.state, mail.reason, mail.settled, mail.message = outcome.state, outcome.reason, now, outcome.message or None
    mail.sender, mail.person_id, mail.consultation_id = about.sender, about.person, about.consultation
    mail.language, mail.message_id, mail.unsure = about.language, about.message_id, about.unsure
    mail.subject, mail.text = about.subject or None, about.text or None
    mail.parts, mail.asks, mail.told = list(outcome.parts), list(outcome.asks), list(outcome.told)
    mail.expires = now + ASKED_FOR if outcome.state == "asked" else None
    await session.flush()
    session.add_all(InboundText(mail_id=mail.id, contribution_id=each) for each in outcome.contributions)
    await session.flush()
    if outcome.answered and mail.sender:
        await record.append(session, None, "mail.answered", mail.id)
