"""The tables of moderation: decisions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Decision(Base):
    """A moderator's act. Its public reason is committed in the record by a salted hash."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("act in ('approve', 'reject', 'hide', 'restore', 'erase')", name="act"),
        Index(None, "contribution_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"))
    revision_id: Mapped[UUID | None] = mapped_column(ForeignKey("revisions.id"))
    number: Mapped[int | None]  # of the contribution, if it was ever public
    act: Mapped[str]
    rule: Mapped[str | None]
    reason: Mapped[str | None]  # told to the author and, once public, to everyone
    note: Mapped[str | None]  # for the moderators
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    seq: Mapped[int | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided: Mapped[datetime] = mapped_column(default=clock.now)
