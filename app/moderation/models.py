"""The tables of moderation: decisions, flags, appeals, claims, the figures of the public log, invitations."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Decision(Base):
    """A moderator's act. Its public reason is committed in the record by a salted hash."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index(None, "contribution_id", "id"),
        Index(None, "person_id"),
        Index("ix_decisions_number", "consultation_id", "number", postgresql_where=text("number IS NOT NULL")),
    )

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
    role: Mapped[str | None]  # of who decided: moderator, organiser, operator; author; automatic
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


class MonthlyFigures(Base):
    """What the public log tells of a month, counted up to the end of a day: see figures.py. All of it is public."""

    __tablename__ = "monthly_figures"

    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)  # its first day, where the consultation is
    received: Mapped[int]
    published: Mapped[int]
    hidden: Mapped[int]
    appealed: Mapped[int]
    overturned: Mapped[int]
    median_hours: Mapped[int | None]  # that texts answered in this month had waited; None of very few
    through: Mapped[date]  # the last day that was counted
    seq: Mapped[int]  # the last entry of the public log that was counted


class Invitation(Base):
    """A letter of a moderator to the author of one contribution, or to all who wrote in a topic or on a question.

    The numbers are what its sender was told: see inviting.py. Nothing here says who received it.
    """

    __tablename__ = "invitations"
    __table_args__ = (Index(None, "consultation_id", "id"), Index(None, "sent_by", "sent"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    contribution_id: Mapped[UUID | None] = mapped_column(ForeignKey("contributions.id"), index=True)
    revision_id: Mapped[UUID | None] = mapped_column(ForeignKey("revisions.id"))  # what was public when it was written
    topic: Mapped[str | None]  # slug; not a key: a topic that nobody writes in any more may go
    question: Mapped[str | None]  # as the public writes it: inclusion.a
    subject: Mapped[str | None]  # with the words destroyed, when the text or its sender's account is erased
    words: Mapped[str | None]
    role: Mapped[str]  # of who sent it
    sent_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    sent: Mapped[datetime] = mapped_column(default=clock.now)
    named: Mapped[int]  # people addressed whose names the texts show
    withheld: Mapped[int | None]  # people behind withheld names, in fives; None of fewer
    reached: Mapped[int | None]  # of the named; None of few
    not_reached: Mapped[int | None]


class Invited(Base):
    """Who received an invitation. No moderator is ever shown it."""

    __tablename__ = "invited"
    __table_args__ = (Index(None, "person_id", "sent"),)

    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitations.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    withheld: Mapped[bool]  # addressed by texts alone whose byline withholds the name: these count apart
    sent: Mapped[datetime] = mapped_column(default=clock.now)


class Refusal(Base):
    """A person wants no letters of moderators: of one consultation, or (None) of any. The row goes when they do."""

    __tablename__ = "refusals"
    __table_args__ = (UniqueConstraint("person_id", "consultation_id", postgresql_nulls_not_distinct=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    consultation_id: Mapped[UUID | None] = mapped_column(ForeignKey("consultations.id"), index=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)
