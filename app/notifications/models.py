"""The tables of notifications: deliveries, what people want to hear of, what they were told, addresses that fail."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Delivery(Base):
    """One message to one person, made once by its key, sent at least once. It holds no address and no text."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_waiting", "rank", "due", postgresql_where=text("due IS NOT NULL")),
        Index(None, "person_id", "created"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    key: Mapped[str] = mapped_column(unique=True)  # what it is about: a second one with the same key is not made
    kind: Mapped[str]
    subject: Mapped[UUID]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    created: Mapped[datetime] = mapped_column(default=clock.now)
    due: Mapped[datetime | None] = mapped_column(default=clock.now)  # None: sent, or given up
    # 0: somebody waits for it; 1: mail to many, which waits for all that is 0
    rank: Mapped[int] = mapped_column(SmallInteger, server_default="0", default=0)
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    sent: Mapped[datetime | None]
    error: Mapped[str | None]


class NotificationSettings(Base):
    """What somebody wants to hear of besides what they follow. Who has no row has the defaults."""

    __tablename__ = "notification_settings"
    __table_args__ = (
        CheckConstraint("hour between 0 and 23", name="hour"),
        CheckConstraint("digest in ('daily', 'never')", name="digest"),
        CheckConstraint("replies in ('at_once', 'daily', 'weekly', 'never')", name="replies"),
        CheckConstraint("dates in ('at_once', 'never')", name="dates"),
        CheckConstraint("outcome in ('at_once', 'never')", name="outcome"),
        CheckConstraint("waiting in ('at_once', 'daily', 'never')", name="waiting"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    hour: Mapped[int] = mapped_column(SmallInteger, server_default="8")  # of the digest, in their time zone
    digest: Mapped[str] = mapped_column(server_default="daily")  # never: what is due in it waits until they want it
    replies: Mapped[str] = mapped_column(server_default="at_once")  # to what they wrote
    dates: Mapped[str] = mapped_column(server_default="at_once")  # of consultations that they take part in or follow
    outcome: Mapped[str] = mapped_column(server_default="at_once")  # there: the report, and who cites them
    waiting: Mapped[str] = mapped_column(server_default="daily")  # on the desk, for moderators
    changed: Mapped[datetime] = mapped_column(default=clock.now)


class FailingAddress(Base):
    """How often mail to somebody came back and, once nothing is sent any more, since when and why."""

    __tablename__ = "failing_addresses"
    __table_args__ = (
        CheckConstraint("why in ('bounce', 'complaint')", name="why"),
        CheckConstraint('("off" IS NULL) = (why IS NULL)', name="off"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    failures: Mapped[int] = mapped_column(SmallInteger)  # days in a row on which something came back
    last: Mapped[date]  # of these days
    off: Mapped[datetime | None]
    why: Mapped[str | None]


class Digest(Base):
    """The last day, in somebody's own time zone, for which their digest was thought of, and the last week."""

    __tablename__ = "digests"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    day: Mapped[date]
    week: Mapped[date | None]  # its Monday


class DigestMark(Base):
    """Up to which number of a consultation somebody was told by digests, daily ones or weekly ones."""

    __tablename__ = "digest_marks"
    __table_args__ = (CheckConstraint("pace in ('daily', 'weekly')", name="pace"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True, index=True)
    pace: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
