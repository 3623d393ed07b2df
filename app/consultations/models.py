"""The tables of consultations: the consultation, its phases and extensions, its topics and guiding questions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Consultation(Base):
    """One exercise. `details` is page content only (programme, events, objectives …), as its definition gives it.

    Until it is `announced` it is in preparation, and its members alone see it.
    """

    __tablename__ = "consultations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    summary: Mapped[str]
    time_zone: Mapped[str]
    languages: Mapped[list[str]]
    sample: Mapped[bool] = mapped_column(server_default="false")
    details: Mapped[dict[str, Any]]
    definition: Mapped[dict[str, Any]]  # as loaded but for the screening, which is nobody's to read in public
    created: Mapped[datetime] = mapped_column(default=clock.now)
    announced: Mapped[datetime | None]
    updated: Mapped[datetime] = mapped_column(default=clock.now)


class ScreeningPolicy(Base):
    """When texts wait for a moderator whatever their topic's policy, where the definition says so. Never public."""

    __tablename__ = "screening_policies"

    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"), primary_key=True)
    policy: Mapped[dict[str, Any]]  # as `Screening` of the definition has it


class Phase(Base):
    """A phase begins at a moment and lasts until the next one begins; the last one stays."""

    __tablename__ = "phases"
    __table_args__ = (
        UniqueConstraint("consultation_id", "name"),
        CheckConstraint("name in ('announced', 'open', 'closed', 'reported', 'archived')", name="name"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    name: Mapped[str]
    starts: Mapped[datetime]
    note: Mapped[str | None]
    entered: Mapped[datetime | None]  # when the record told of it


class Extension(Base):
    """An organiser's act on the dates of a consultation or of one topic, and why: the first of them were extensions.

    An `open` moves the opening, a `report` or an `archive` the beginning of its phase, kept where others keep the
    closing that they move. The reason is committed in the record by its hash.
    """

    __tablename__ = "extensions"
    __table_args__ = (CheckConstraint("act in ('open', 'extend', 'close', 'reopen', 'report', 'archive')", name="act"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"), index=True)
    topic_id: Mapped[UUID | None] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"))  # None: all of it
    act: Mapped[str] = mapped_column(server_default="extend")
    opened_before: Mapped[datetime | None]
    opens: Mapped[datetime | None]
    closed_before: Mapped[datetime | None]
    closes: Mapped[datetime | None]
    reason: Mapped[str]
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    decided: Mapped[datetime] = mapped_column(default=clock.now)


class Topic(Base):
    """A theme under discussion. `policy` says whether a text waits `before` publication or is looked at `after`."""

    __tablename__ = "topics"
    __table_args__ = (
        UniqueConstraint("consultation_id", "slug"),
        CheckConstraint("policy in ('before', 'after')", name="policy"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    slug: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str]
    background: Mapped[str]
    background_html: Mapped[str]
    policy: Mapped[str]
    opens: Mapped[datetime | None]
    closes: Mapped[datetime | None]
    moderators: Mapped[list[str]]
    rapporteurs: Mapped[list[str]]
    entered: Mapped[str | None]  # the phase that the record told of last


class GuidingQuestion(Base):
    """One question of a topic, in its `version` of now. In public its key is `topic.key`."""

    __tablename__ = "guiding_questions"
    __table_args__ = (UniqueConstraint("topic_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"))
    key: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str]
    version: Mapped[int] = mapped_column(SmallInteger, server_default="1", default=1)


class QuestionWording(Base):
    """How a guiding question was put before it was reworded, and until when: what was answered then, answered this."""

    __tablename__ = "question_wordings"
    __table_args__ = (UniqueConstraint("question_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("guiding_questions.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str]
    until: Mapped[datetime]
