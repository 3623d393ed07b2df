"""The tables of meetings to come: what is planned, and who comes. The former is public but for the link, the latter
never."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class PlannedMeeting(Base):
    """A meeting that is announced. It keeps its row, and its address, once it was held or cancelled."""

    __tablename__ = "planned_meetings"
    __table_args__ = (
        CheckConstraint("registration in ('none', 'open', 'closed')", name="registration"),
        CheckConstraint("places in ('first_come', 'decided')", name="places"),
        CheckConstraint("place IS NOT NULL OR online", name="somewhere"),
        CheckConstraint("starts < ends", name="lasts"),
        Index(None, "consultation_id", "starts", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    title: Mapped[str]
    about: Mapped[str]  # Markdown: what it is for, and its programme
    about_html: Mapped[str]
    starts: Mapped[dt.datetime]
    ends: Mapped[dt.datetime]
    time_zone: Mapped[str]
    place: Mapped[str | None]
    online: Mapped[bool]
    link: Mapped[str | None]  # for those who have a place, and never public
    capacity: Mapped[int | None]  # of the room; of a meeting that is online only, of that
    registration: Mapped[str]
    deadline: Mapped[dt.datetime | None]  # None: until it starts
    places: Mapped[str]
    contact: Mapped[str | None]
    languages: Mapped[list[str]]
    documents: Mapped[list[Any]]  # title and url of each
    sequence: Mapped[int] = mapped_column(server_default="0")  # how often it was changed, for calendars
    planned_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    created: Mapped[dt.datetime] = mapped_column(default=clock.now)
    updated: Mapped[dt.datetime] = mapped_column(default=clock.now)
    cancelled: Mapped[dt.datetime | None]
    cancelled_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    reason: Mapped[str | None]  # why it was cancelled, for everyone
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meetings.id"), unique=True)  # what was said there


class Registration(Base):
    """Somebody's answer to a meeting, with what its organisers then need to know.

    A month after the meeting only what can be counted is left: its state, and the kind and region of the organisation
    as they were when its holder registered.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("planned_id", "person_id"),
        CheckConstraint("state in ('asked', 'placed', 'waiting', 'refused', 'declined')", name="state"),
        CheckConstraint("attends in ('room', 'online')", name="attends"),
        Index("ix_registrations_personal", "planned_id", postgresql_where=text("person_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    planned_id: Mapped[UUID] = mapped_column(ForeignKey("planned_meetings.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[str]
    attends: Mapped[str]
    speaks: Mapped[list[str]]
    interpretation: Mapped[list[str]]  # the languages into which they need it
    access_needs: Mapped[str | None]  # for the organisers alone
    organisation_kind: Mapped[str | None]
    organisation_region: Mapped[str | None]
    registered: Mapped[dt.datetime] = mapped_column(default=clock.now)  # since when they are in the queue
    since: Mapped[dt.datetime] = mapped_column(default=clock.now)  # in this state
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)  # an organiser
    reason: Mapped[str | None]  # of an organiser, for who registered
