"""The part of `/me/notifications` about mail: what one wants, the next digest, the last mails, a failing address."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData

from app import clock
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.notifications import digest_letter, digests
from app.notifications.bouncing import SwitchedOff, switched_off
from app.notifications.letters import Block
from app.notifications.mailboxes import commands_address
from app.notifications.preferences import CHOICES, Preferences, preferences_of
from app.notifications.sent_mails import SentMail, last_sent
from app.permissions import Thing
from app.readings.letters.news_letters import Told, told
from app.web.kit import words
from app.web.kit.visit import Visit

_LAST = 20
_ASKED = {
    "digest": N_("The daily mail with what is new"),
    "replies": N_("Replies to what you wrote"),
    "dates": N_("Dates of consultations that you take part in or follow"),
    "outcome": N_("Reports there, and recommendations that cite you"),
    "waiting": N_("What waits for you as a moderator"),
}
_ANOTHER = N_("Another mail")
_SENT = {
    "news": N_("A new contribution"),
    "digest": N_("What is new, or waits for you"),
    "weekly": N_("What is new, or waits for you"),
    "waiting": N_("Something that waits for a moderator"),
    "opened": N_("A consultation or topic is open"),
    "extended": N_("A consultation or topic is open for longer"),
    "closing": N_("A consultation closes soon"),
    "report": N_("A report is published"),
    "cited": N_("What you wrote is cited"),
    "decision": N_("A decision about what you wrote"),
    "flag": N_("What became of your report"),
    "appeal": N_("The answer to your appeal"),
    "mandate": N_("Your mandate"),
    "role_ended": N_("Your role has ended"),
    "registration": N_("Your registration for a meeting"),
    "meeting": N_("A meeting was changed"),
    "cancellation": N_("A meeting is cancelled"),
    "invitation": N_("A letter from a moderator"),
    "webhook": N_("A webhook is paused"),
    "told": N_("What became of what you wrote"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One choice: its field, what it is about, and the answers there are."""

    name: str
    label: str
    answers: Sequence[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One of the last mails, with the contribution that it was about where that is public."""

    words: str
    mail: SentMail
    about: Told | None


@dataclass(frozen=True, slots=True)
class Mail:
    """All of it, as the page shows it."""

    questions: Sequence[Question]
    hour: str
    hours: Sequence[tuple[str, str]]
    zone: ZoneInfo
    off: SwitchedOff | None
    commands: str | None  # where one edits and withdraws by mail; None where no mail comes in
    preview: Sequence[Block]
    sent: Sequence[Sent]


async def mail_of(visit: Visit) -> Mail:
    """What the page says of mail to who asks."""
    person, zone = visit.person, ZoneInfo(visit.visitor.time_zone)
    async with visit.database.writing() as session:
        chosen = await preferences_of(session, person)
        paces = await digests.next_paces(session, person, clock.now().astimezone(zone).date())
        held = await digests.contents(session, person, paces)
        return Mail(
            questions=[_question(name, chosen) for name in CHOICES if name != "waiting" or _moderates(visit)],
            hour=str(chosen.hour),
            hours=[(str(hour), f"{hour:02}:00") for hour in range(24)],
            zone=zone,
            off=await switched_off(session, person),
            commands=commands_address(),
            preview=digest_letter.said(held, ""),
            sent=await _sent(session, await last_sent(session, person, _LAST), visit.actor.shut_out),
        )


def chosen_in(sent: FormData, before: Preferences) -> Preferences:
    """The choices that a form brings; what it does not ask stays as it was. `choose` refuses what is none."""
    given = {field.name: sent.get(field.name) for field in fields(Preferences)}
    named = {name: str(value) for name, value in given.items() if value is not None and name != "hour"}
    hour = str(given["hour"] or before.hour)
    wanted = int(hour) if hour.isascii() and hour.isdigit() and len(hour) <= 2 else -1
    return Preferences(**({field.name: getattr(before, field.name) for field in fields(Preferences)} | named
                          | {"hour": wanted}))  # fmt: skip


def _question(name: str, chosen: Preferences) -> Question:
    answers = [(pace, _(words.PACES[pace])) for pace in CHOICES[name]]
    return Question(name, _(_ASKED[name]), answers, getattr(chosen, name))


def _moderates(visit: Visit) -> bool:
    return any(visit.may("queue.read", Thing(each)) for each in (*visit.actor.roles, *visit.actor.topics))


async def _sent(session: AsyncSession, mails: Sequence[SentMail], shut_out: Collection[UUID]) -> list[Sent]:
    found = await told(session, [mail.subject for mail in mails if mail.kind == "news"])
    about = {each.view.id: each for each in found if each.consultation.id not in shut_out}
    return [Sent(_(_SENT.get(mail.kind, _ANOTHER)), mail, about.get(mail.subject)) for mail in mails]
