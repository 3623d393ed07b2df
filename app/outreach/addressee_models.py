"""The table of addressees: institutions that the outcome is sent to, and under which address."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Addressee(Base):
    """An institution on the organisers' list. Its address and the name go after a time, or when it leaves the list."""

    __tablename__ = "addressees"
    __table_args__ = (
        CheckConstraint("kind in ('city', 'ministry', 'organisation', 'event', 'other')", name="kind"),
        Index(None, "consultation_id", "id"),
        Index("uq_addressees_email", "consultation_id", "email", unique=True,
              postgresql_where=text("email IS NOT NULL")),
        Index("ix_addressees_email", "email", postgresql_where=text("email IS NOT NULL")),
        Index("ix_addressees_kept", "keep_until", postgresql_where=text("email IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    institution: Mapped[str]
    kind: Mapped[str]
    email: Mapped[str | None]
    name: Mapped[str | None]  # of whom the mail greets
    language: Mapped[str]
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    created: Mapped[datetime] = mapped_column(default=clock.now)
    keep_until: Mapped[datetime]  # moved on whenever something is sent
