"""The table of files that somebody has looked at and may take in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class HeldFile(Base):
    """A file of codes and codings, kept between the look at what it would do and the word that it shall be done."""

    __tablename__ = "held_files"
    __table_args__ = (
        Index("uq_held_files_person", "consultation_id", "person_id", unique=True),
        Index(None, "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made: Mapped[datetime] = mapped_column(default=clock.now)
