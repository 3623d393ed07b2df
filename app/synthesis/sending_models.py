"""What was sent to whom, which everyone may read, and the links by which institutions answer, which nobody may."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Sending(Base):
    """A version of the report or of the summary on its way to an institution: public, but for the addressee's row."""

    __tablename__ = "outcome_sendings"
    __table_args__ = (
        CheckConstraint("what in ('report', 'summary')", name="what"),
        UniqueConstraint("addressee_id", "what", "version"),
        Index(None, "consultation_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    addressee_id: Mapped[UUID] = mapped_column(ForeignKey("addressees.id"))
    what: Mapped[str]
    version: Mapped[int] = mapped_column(SmallInteger)
    institution: Mapped[str]  # as it was on the list then
    kind: Mapped[str]
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    seq: Mapped[int]
    sent_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    sent: Mapped[datetime] = mapped_column(default=clock.now)


class AnswerLink(Base):
    """The link by which one institution answers: one at a time. Its secret part is stored nowhere."""

    __tablename__ = "answer_links"
    __table_args__ = (Index("ix_answer_links_addressee", "addressee_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    addressee_id: Mapped[UUID] = mapped_column(ForeignKey("addressees.id"))
    recommendations: Mapped[list[Any]] = mapped_column(server_default="[]")  # numbers of those it is asked about
    expires: Mapped[datetime]
    revoked: Mapped[datetime | None]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    created: Mapped[datetime] = mapped_column(default=clock.now)


class Telling(Base):
    """That everybody who contributed was told of a version."""

    __tablename__ = "tellings"
    __table_args__ = (
        CheckConstraint("what in ('report', 'summary')", name="what"),
        UniqueConstraint("consultation_id", "what", "version"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    what: Mapped[str]
    version: Mapped[int] = mapped_column(SmallInteger)
    told_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    told: Mapped[datetime] = mapped_column(default=clock.now)
