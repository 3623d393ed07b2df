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
        UniqueConstraint("person_id", "thing_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    scope: Mapped[str]
    thing_id: Mapped[UUID]  # the consultation, the topic, or the contribution that began the thread
    pace: Mapped[str]
    seen: Mapped[int]  # the newest number in the consultation when they last said that they had seen all
    since: Mapped[datetime] = mapped_column(default=clock.now)
