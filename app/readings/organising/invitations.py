"""Moderators' letters: as their senders see them, and as who received them does. Needs a write session.

Senders see to what they wrote and how many that may have reached, never who.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.accounts.models import Person
from app.consultations.models import Consultation
from app.contributions.models import Contribution
from app.language import gettext as _
from app.language import reader
from app.moderation.audience import To, audience_of
from app.moderation.models import Invitation, Invited, Refusal
from app.permissions import Actor, Thing, require
from app.readings import cursors
from app.readings.organising.invitation_letters import path_of
from app.readings.spoken import title_in


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that was sent, with what its sender was told: see `moderation/audience.py`."""

    id: UUID
    consultation: str
    contribution: UUID | None
    number: int | None
    topic: str | None
    question: str | None
    subject: str | None
    words: str | None
    role: str
    name: str | None
    sent: datetime
    named: int
    withheld: int | None
    reached: int | None
    not_reached: int | None

    @property
    def path(self) -> str:
        """The page that it is about."""
        return path_of(self.consultation, self.number, self.topic, self.question)

    def json(self) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "id": str(self.id), "consultation": self.consultation,
            "contribution": str(self.contribution) if self.contribution else None, "number": self.number,
            "topic": self.topic, "question": self.question, "subject": self.subject, "words": self.words,
            "by": {"name": self.name, "role": self.role}, "sent": clock.iso(self.sent),
            "addressed": {"named": self.named, "withheld": self.withheld},
            "reached": self.reached, "not_reached": self.not_reached,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class SentPage:
    """One page of what was sent, and the cursor of the next."""

    items: Sequence[Sent]
    next: str | None


@dataclass(frozen=True, slots=True)
class Addressed:
    """How many people a letter would be addressed to, as far as that may be told."""

    named: int
    withheld: int | None


@dataclass(frozen=True, slots=True)
class Received:
    """A letter of a moderator, as its reader sees it."""

    id: UUID
    consultation: str
    title: str
    path: str
    number: int | None
    subject: str | None
    words: str | None
    role: str
    name: str | None
    sent: datetime

    def json(self) -> dict[str, Any]:
        """For the file of all that is held about the reader."""
        return {
            "id": str(self.id), "consultation": self.consultation, "about": self.path, "subject": self.subject,
            "words": self.words, "by": {"name": self.name, "role": self.role}, "sent": clock.iso(self.sent),
        }  # fmt: skip


async def addressed(session: AsyncSession, actor: Actor, consultation: UUID, to: To) -> Addressed:
    """Whom a letter would be addressed to, in numbers. Who refuses it is counted too: nobody is to learn who does.

    Raises what `invite` raises for its reader.
    """
    require(actor, "invitation.send", Thing(consultation))
    audience = await audience_of(session, actor, consultation, to)
    return Addressed(len(audience.named), audience.withheld_told)


async def sent(
    session: AsyncSession, actor: Actor, consultation: UUID, limit: int = 50, cursor: str | None = None
) -> SentPage:  # fmt: skip
    """One page of what moderators have written, newest first. Raises Unauthenticated, Forbidden, Malformed."""
    require(actor, "invitation.send", Thing(consultation))
    query = _SENT.where(Invitation.consultation_id == consultation).order_by(Invitation.id.desc()).limit(limit + 1)
    purpose = f"{consultation}:invitations"
    if cursor is not None:
        query = query.where(Invitation.id < UUID(cursors.unseal(purpose, cursor)[0]))
    rows = [_as_sent(row) for row in await session.execute(query)]
    following = cursors.seal(purpose, [str(rows[limit - 1].id)]) if len(rows) > limit else None
    return SentPage(rows[:limit], following)


async def sent_one(session: AsyncSession, actor: Actor, id: UUID) -> Sent:
    """A letter, as who may send such letters sees it. Raises NotFound, Forbidden."""
    consultation = await session.scalar(select(Invitation.consultation_id).where(Invitation.id == id))
    if consultation is None:
        raise errors.NotFound(_("There is no such invitation."))
    require(actor, "invitation.send", Thing(consultation))
    return _as_sent((await session.execute(_SENT.where(Invitation.id == id))).one())


async def received_by(
    session: AsyncSession, person: UUID, after: UUID | None = None, limit: int = 1_000
) -> Sequence[Received]:  # fmt: skip
    """The letters a person received, those after the letter `after`, oldest first."""
    query = _received(person).order_by(Invitation.id).limit(limit)
    found = await session.execute(query.where(Invitation.id > after) if after else query)
    return [_as_received(row) for row in found]


async def newest_received(session: AsyncSession, person: UUID, limit: int) -> Sequence[Received]:
    """The newest letters a person received, newest first."""
    found = await session.execute(_received(person).order_by(Invitation.id.desc()).limit(limit))
    return [_as_received(row) for row in found]


async def refusals_of(session: AsyncSession, person: UUID) -> Mapping[UUID | None, datetime]:
    """From which consultations a person wants no letters, since when; None for all of them."""
    query = select(Refusal.consultation_id, Refusal.since).where(Refusal.person_id == person)
    return {row.consultation_id: row.since for row in await session.execute(query)}


async def refused_by(
    session: AsyncSession, person: UUID, after: UUID | None = None, limit: int = 1_000
) -> list[dict[str, Any]]:  # fmt: skip
    """The same for the file of all that is held about a person, those after the refusal `after`."""
    query = (
        select(Refusal.id, Consultation.slug, Refusal.since)
        .outerjoin(Consultation, Consultation.id == Refusal.consultation_id)
        .where(Refusal.person_id == person)
        .order_by(Refusal.id)
        .limit(limit)
    )
    rows = await session.execute(query.where(Refusal.id > after) if after else query)
    return [{"id": str(row.id), "consultation": row.slug, "since": clock.iso(row.since)} for row in rows]


_SENT: Any = (
    select(
        Invitation.id, Consultation.slug, Invitation.contribution_id, Contribution.number, Invitation.topic,
        Invitation.question, Invitation.subject, Invitation.words, Invitation.role, Person.name, Invitation.sent,
        Invitation.named, Invitation.withheld, Invitation.reached, Invitation.not_reached,
    )
    .join(Consultation, Consultation.id == Invitation.consultation_id)
    .outerjoin(Contribution, Contribution.id == Invitation.contribution_id)
    .outerjoin(Person, Person.id == Invitation.sent_by)
)  # fmt: skip


def _as_sent(row: Any) -> Sent:
    return Sent(*row)


def _received(person: UUID) -> Any:
    query: Any = (
        select(
            Invitation.id, Consultation.slug, Consultation.title, Consultation.details, Contribution.number,
            Invitation.topic, Invitation.question, Invitation.subject, Invitation.words, Invitation.role, Person.name,
            Invitation.sent,
        )
        .join(Invited, Invited.invitation_id == Invitation.id)
        .join(Consultation, Consultation.id == Invitation.consultation_id)
        .outerjoin(Contribution, Contribution.id == Invitation.contribution_id)
        .outerjoin(Person, Person.id == Invitation.sent_by)
        .where(Invited.person_id == person)
    )  # fmt: skip
    return query


def _as_received(row: Any) -> Received:
    title = title_in(reader.get(), row.title, row.details)
    return Received(
        row.id, row.slug, title, path_of(row.slug, row.number, row.topic, row.question), row.number, row.subject,
        row.words, row.role, row.name, row.sent,
    )  # fmt: skip
