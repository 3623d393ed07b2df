"""The tables of meetings: what was held where, which contributions were said there, and who was asked to confirm."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Meeting(Base):
    """A meeting where people said what became contributions. It is public while at least one of them is."""

    __tablename__ = "meetings"
    __table_args__ = (Index(None, "consultation_id", "date", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    title: Mapped[str]
    date: Mapped[dt.date]
    place: Mapped[str]
    attendance: Mapped[int | None]  # people
    organisations: Mapped[int | None]  # how many were there
    held_by: Mapped[str | None]  # the organisation that held it
    rapporteur: Mapped[str | None]  # who agreed to be named
    reported_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    created: Mapped[dt.datetime] = mapped_column(default=clock.now)


class MeetingPoint(Base):
    """A contribution that was said at a meeting, in the order of the report."""

    __tablename__ = "meeting_points"
    __table_args__ = (
        CheckConstraint("said in ('floor', 'report-back')", name="said"),
        Index(None, "meeting_id", "position"),
    )

    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"), primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"))
    position: Mapped[int]
    said: Mapped[str]


class Source(Base):
    """Somebody who was asked by mail whether a transcription is right. The address goes once they answered or the
    link expired; nothing stores the link's secret part."""

    __tablename__ = "sources"
    __table_args__ = (
        CheckConstraint("answer in ('confirmed', 'wrong')", name="answer"),
        Index("ix_sources_addressed", "expires", postgresql_where=text("email IS NOT NULL")),
        Index(None, "consultation_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"), index=True)
    email: Mapped[str | None]
    language: Mapped[str]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    created: Mapped[dt.datetime] = mapped_column(default=clock.now)
    expires: Mapped[dt.datetime]
    answered: Mapped[dt.datetime | None]
    answer: Mapped[str | None]
    words: Mapped[str | None]  # what is wrong, in the source's words; for the moderators
