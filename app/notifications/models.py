"""The tables of notifications: deliveries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Delivery(Base):
    """One message to one person, made once by its key, sent at least once. It holds no address and no text."""

    __tablename__ = "deliveries"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    key: Mapped[str] = mapped_column(unique=True)  # what it is about: a second one with the same key is not made
    kind: Mapped[str]
    subject: Mapped[UUID]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    created: Mapped[datetime] = mapped_column(default=clock.now)
    due: Mapped[datetime | None] = mapped_column(default=clock.now, index=True)  # None: sent, or given up
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    sent: Mapped[datetime | None]
    error: Mapped[str | None]
