"""Which letter each kind of delivery is. Letters are made at the moment of sending, from what is there then."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.sign_in import letter_for
from app.database import Database
from app.notifications import (
    contributors_told,
    gatherings,
    invitations,
    mail_answers,
    mandates,
    outcome_sent,
    outcomes,
    outreach,
    roles,
    wording,
)
from app.notifications.bouncing import switched_off
from app.notifications.date_mail import cited_letter, date_letter, report_letter
from app.notifications.deliveries import Due
from app.notifications.digest_letter import digest_letter
from app.notifications.letters import Letter
from app.notifications.news import news_letter
from app.notifications.waiting_mail import waiting_letter
from app.notifications.webhooks.letter import paused
from app.readings.letters.letters import decision_letter
from app.readings.letters.mail_answers import mail_answer
from app.readings.letters.meeting_letters import meeting_letter, registration_letter
from app.readings.letters.outcome_letters import appeal_letter, flag_letter
from app.readings.letters.outreach_letters import invitee_letter
from app.readings.moderation.sources import source_letter
from app.readings.organising.invitation_letters import invitation_letter
from app.readings.organising.mandates import mandate_letter, organisation_letter
from app.readings.organising.team import ended_letter, offer_letter

Maker = Callable[[AsyncSession, Due, str], Awaitable[Letter | None]]
Found = TypeVar("Found")


def _about(
    read: Callable[[AsyncSession, UUID], Awaitable[Found | None]], write: Callable[[Found, str], Letter]
) -> Maker:
    """A letter about a thing that says itself whom it goes to: what a reading finds, in words."""

    async def make(session: AsyncSession, due: Due, base_url: str) -> Letter | None:
        found = await read(session, due.subject)
        return write(found, base_url) if found is not None else None

    return make


def _to_person(
    read: Callable[[AsyncSession, UUID, UUID], Awaitable[Found | None]], write: Callable[[Found, str], Letter]
) -> Maker:
    """A letter about a thing to somebody with an account."""

    async def make(session: AsyncSession, due: Due, base_url: str) -> Letter | None:
        found = await read(session, due.subject, due.person) if due.person else None
        return write(found, base_url) if found is not None else None

    return make


async def _webhook(session: AsyncSession, due: Due, base_url: str) -> Letter | None:
    return await paused(session, due.subject, due.person, base_url) if due.person else None


MAKERS: Mapping[str, Maker] = {
    "sign_in": _about(letter_for, wording.sign_in),
    "source": _about(source_letter, wording.source),
    "invitee": _about(invitee_letter, outreach.invitation),
    "organisation": _about(organisation_letter, mandates.to_organisation),
    "role_offer": _about(offer_letter, roles.offered),
    "mail_answer": _about(mail_answer, mail_answers.answer),
    "decision": _to_person(decision_letter, wording.decision),
    "flag": _to_person(flag_letter, outcomes.flag_closed),
    "appeal": _to_person(appeal_letter, outcomes.appeal_decided),
    "mandate": _to_person(mandate_letter, mandates.answered),
    "role_ended": _to_person(ended_letter, roles.taken_back),
    "registration": _to_person(registration_letter, gatherings.registration),
    "meeting": _to_person(partial(meeting_letter, cancelled=False), gatherings.changed),
    "cancellation": _to_person(partial(meeting_letter, cancelled=True), gatherings.changed),
    "invitation": _to_person(invitation_letter, invitations.invitation),
    "webhook": _webhook,
    "news": news_letter,
    "digest": digest_letter,
    "weekly": digest_letter,
    "waiting": waiting_letter,
    "opened": date_letter,
    "extended": date_letter,
    "closing": date_letter,
    "report": report_letter,
    "cited": cited_letter,
    "told": contributors_told.letter,
}


async def letter_of(database: Database, due: Due, base_url: str) -> Letter | None:
    """What a delivery says now; None where there is nothing to say, or nobody to say it to."""
    if due.kind in outcome_sent.KINDS:  # its PDF takes seconds, in which no transaction is open
        return await outcome_sent.letter(database, base_url, due)
    async with database.writing() as session:
        if due.person is not None and await switched_off(session, due.person):
            return None
        return await MAKERS[due.kind](session, due, base_url)
