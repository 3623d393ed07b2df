"""The table of subscriptions: who follows which consultation, topic or thread."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Subscription(Base):
    """That a person follows something, how often they want to hear of it, and up to where they have seen it."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        CheckConstraint("scope in ('consultation', 'topic', 'thread')", name="scope"),
        CheckConstraint("pace in ('at_once', 'daily', 'weekly', 'never')", name="pace"),
        CheckConstraint("what in ('all', 'replies_to_me', 'notes')", name="what"),
        UniqueConstraint("person_id", "thing_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    scope: Mapped[str]
    thing_id: Mapped[UUID] = mapped_column(index=True)  # the consultation, the topic, or what began the thread
    pace: Mapped[str]
    what: Mapped[str] = mapped_column(server_default="all")  # of it: all, replies to oneself, facilitators' notes
    counts_from: Mapped[int] = mapped_column(server_default="0")  # the newest number when the pace was chosen
    seen: Mapped[int]  # the newest number in the consultation when they last said that they had seen all
    since: Mapped[datetime] = mapped_column(default=clock.now)
