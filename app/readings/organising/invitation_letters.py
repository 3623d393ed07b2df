"""What the mail with a moderator's letter needs to say, and to whom it goes. Needs a write session."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.accounts.models import Person
from app.accounts.private_consultations import let_in
from app.consultations.models import Consultation, Topic
from app.contributions.models import Contribution, Revision
from app.moderation.models import Invitation, Invited, Refusal
from app.readings.spoken import title_in, topic_in

REFUSE = "/me/letters"


@dataclass(frozen=True, slots=True)
class InvitationLetter:
    """A moderator's letter to one reader."""

    email: str
    language: str
    consultation: str
    contact: str | None
    name: str | None  # of who writes
    role: str
    subject: str
    words: str
    number: int | None  # of the reader's contribution that it is about
    topic: str | None  # its title, where it is about one
    by_question: bool
    withheld: bool  # the contribution withholds the reader's name
    path: str
    refuse_path: str = REFUSE


async def invitation_letter(session: AsyncSession, invitation: UUID, person: UUID) -> InvitationLetter | None:
    """The letter to a reader; None where its words or either account are erased, or the reader refuses it by now, or is
    no member of a private consultation any more."""
    sender = aliased(Person)
    refused = exists().where(
        Refusal.person_id == person,
        or_(Refusal.consultation_id.is_(None), Refusal.consultation_id == Invitation.consultation_id),
    )
    query = (
        select(
            Person.email, Person.language, Consultation.title.label("consultation"), Consultation.slug,
            Consultation.details, sender.name, Invitation.role, Invitation.subject, Invitation.words,
            Contribution.number, Topic.title.label("topic"), Invitation.topic.label("topic_slug"), Invitation.question,
            Revision.byline,
        )
        .select_from(Invited)
        .join(Invitation, Invitation.id == Invited.invitation_id)
        .join(Consultation, Consultation.id == Invitation.consultation_id)
        .join(Person, and_(Person.id == Invited.person_id, Person.erased.is_(None), Person.email.is_not(None)))
        .join(sender, sender.id == Invitation.sent_by)
        .outerjoin(Contribution, Contribution.id == Invitation.contribution_id)
        .outerjoin(Revision, Revision.id == Invitation.revision_id)
        .outerjoin(Topic, and_(Topic.consultation_id == Consultation.id, Topic.slug == topic_slug()))
        .where(Invited.invitation_id == invitation, Invited.person_id == person, Invitation.words.is_not(None))
        .where(~refused, let_in(Invited.person_id, Invitation.consultation_id))
    )  # fmt: skip
    row = (await session.execute(query)).one_or_none()
    return _letter(row) if row is not None else None


async def readers(session: AsyncSession, invitations: Collection[UUID]) -> Sequence[tuple[UUID, UUID]]:
    """Each of these invitations with each of its readers."""
    query = select(Invited.invitation_id, Invited.person_id).where(Invited.invitation_id.in_(invitations))
    return [(row.invitation_id, row.person_id) for row in await session.execute(query)]


async def kept_invitations(session: AsyncSession, sent: Collection[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Those of these letters, each an invitation and its reader, of which neither words nor account were erased."""
    query = (
        select(Invited.invitation_id, Invited.person_id)
        .join(Invitation, Invitation.id == Invited.invitation_id)
        .where(Invited.invitation_id.in_({invitation for invitation, _person in sent}), Invitation.words.is_not(None))
    )
    standing = {(row.invitation_id, row.person_id) for row in await session.execute(query)}
    return standing.intersection(sent)


def topic_slug() -> Any:
    """The slug of the topic that an invitation is about: a question's key begins with it."""
    return func.coalesce(Invitation.topic, func.split_part(Invitation.question, ".", 1))


def path_of(slug: str, number: int | None, topic: str | None, question: str | None) -> str:
    """The page that an invitation is about."""
    if number is not None:
        return f"/c/{slug}/{number}"
    return f"/c/{slug}/topics/{topic or (question or '').partition('.')[0]}"


def _letter(row: Any) -> InvitationLetter:
    return InvitationLetter(
        email=row.email, language=row.language, consultation=title_in(row.language, row.consultation, row.details),
        contact=row.details.get("contact"), name=row.name, role=row.role, subject=row.subject, words=row.words,
        number=row.number, topic=topic_in(row.language, row.topic_slug, row.topic, row.details) or row.topic_slug,
        by_question=row.question is not None, withheld=row.byline not in (None, "full"),
        path=path_of(row.slug, row.number, row.topic_slug, row.question),
    )  # fmt: skip
