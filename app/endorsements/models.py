"""The table of endorsements: who supports which contribution. How many do is public, who they are is not."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Endorsement(Base):
    """One person's support for one contribution, in a personal capacity."""

    __tablename__ = "endorsements"
    __table_args__ = (UniqueConstraint("contribution_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)  # None: the account was erased
    given: Mapped[datetime] = mapped_column(default=clock.now)
