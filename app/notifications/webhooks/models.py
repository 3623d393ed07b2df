"""The tables of webhooks: where entries go, and each attempt to bring one there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Webhook(Base):
    """An address that gets the entries of one consultation's public record, and how far it has them."""

    __tablename__ = "webhooks"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    url: Mapped[str]
    secret: Mapped[str]  # as it is: each message is signed with it
    kinds: Mapped[list[str]]  # none: all
    cursor: Mapped[int]  # the last entry that was taken, or that it does not want
    failures: Mapped[int] = mapped_column(SmallInteger, server_default="0")  # of the next entry, in a row
    failing_since: Mapped[datetime | None]
    due: Mapped[datetime] = mapped_column(default=clock.now)
    paused: Mapped[datetime | None]
    created: Mapped[datetime] = mapped_column(default=clock.now)


class WebhookAttempt(Base):
    """One attempt to bring an entry, and what was answered: the first of it, for the moderators to read."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (Index(None, "webhook_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhooks.id"))
    seq: Mapped[int]
    time: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    status: Mapped[int | None]  # None: there was no answer, and `answer` says why
    answer: Mapped[str]
