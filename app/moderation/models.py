"""The tables of moderation: decisions, flags, appeals, claims."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Decision(Base):
    """A moderator's act. Its public reason is committed in the record by a salted hash."""

    __tablename__ = "decisions"
    __table_args__ = (Index(None, "contribution_id", "id"), Index(None, "person_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    contribution_id: Mapped[UUID | None] = mapped_column(ForeignKey("contributions.id"))  # None: about a person
    revision_id: Mapped[UUID | None] = mapped_column(ForeignKey("revisions.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))  # who is warned or suspended
    number: Mapped[int | None]  # of the contribution, if it was ever public
    act: Mapped[str]  # see acts.py
    rule: Mapped[str | None]
    reason: Mapped[str | None]  # told to the author and, once public, to everyone
    note: Mapped[str | None]  # for the moderators
    details: Mapped[dict[str, Any] | None]  # what it takes to undo it, or to explain it to moderators
    batch_id: Mapped[UUID | None] = mapped_column(index=True)  # of acts that were done together
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    seq: Mapped[int | None]
    role: Mapped[str | None]  # of who decided: moderator, organiser, operator; automatic
    decider_name: Mapped[str | None]  # only where who decided chose to sign
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided: Mapped[datetime] = mapped_column(default=clock.now)


class Flag(Base):
    """A participant's report of a problem. Who reported is never public, nor told to the author."""

    __tablename__ = "flags"
    __table_args__ = (
        CheckConstraint("outcome in ('upheld', 'dismissed', 'moot')", name="outcome"),
        Index("uq_flags_open", "contribution_id", "person_id", unique=True, postgresql_where=text("closed IS NULL")),
        Index("ix_flags_waiting", "consultation_id", "contribution_id", postgresql_where=text("closed IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"), index=True)
    revision_id: Mapped[UUID | None] = mapped_column(ForeignKey("revisions.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    rule: Mapped[str | None]  # number of the rule that it would break
    note: Mapped[str | None]  # in the reporter's words; for the moderators
    created: Mapped[datetime] = mapped_column(default=clock.now)
    outcome: Mapped[str | None]
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"))
    closed: Mapped[datetime | None]


class Appeal(Base):
    """An author's request to look at a decision again: once for each, answered by somebody else."""

    __tablename__ = "appeals"
    __table_args__ = (
        UniqueConstraint("decision_id"),
        CheckConstraint("outcome in ('upheld', 'overturned')", name="outcome"),
        Index("ix_appeals_waiting", "consultation_id", "created", postgresql_where=text("decided IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"), index=True)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    number: Mapped[int | None]  # of the contribution, if it was ever public
    words: Mapped[str | None]  # the author's; for the moderators
    created: Mapped[datetime] = mapped_column(default=clock.now)
    outcome: Mapped[str | None]  # the decision is upheld, or overturned
    reason: Mapped[str | None]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    role: Mapped[str | None]  # of who decided it
    by_same: Mapped[bool | None]  # nobody else could have decided it: the public log says so
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided: Mapped[datetime | None]
    seq: Mapped[int | None]


class Claim(Base):
    """Who has an item of the queue in hand. It lapses by itself."""

    __tablename__ = "claims"

    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"), primary_key=True)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    until: Mapped[datetime]


class Invitation(Base):
    """Words of a moderator to those who said something: the author of a contribution, or all who answered a question.

    The words go when the contribution they are about, or all people they went to, are erased.
    """

    __tablename__ = "invitations"
    __table_args__ = (Index(None, "consultation_id", "sent"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    contribution_id: Mapped[UUID | None] = mapped_column(ForeignKey("contributions.id"), index=True)
    question: Mapped[str | None]  # as the public writes it: inclusion.a
    words: Mapped[str | None]
    addressed: Mapped[int]  # as many as could be told apart in public, whether or not a mail went to each
    sender_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    sent: Mapped[datetime] = mapped_column(default=clock.now)


class InvitationRecipient(Base):
    """Somebody whom an invitation goes to. Moderators never see these rows: they would tell who is behind a byline."""

    __tablename__ = "invitation_recipients"

    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitations.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    consultation_id: Mapped[UUID]
    sent: Mapped[datetime] = mapped_column(default=clock.now)


class InvitationRefusal(Base):
    """Somebody who wants no invitations. The row goes when they want them again."""

    __tablename__ = "invitation_refusals"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)
