"""The table of who did what among the organisers. Never public: in public the organisers speak as one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class OrganisersAct(Base):
    """One act on a document or a notice, under the name of its entry in the record. Who did it may be gone."""

    __tablename__ = "organisers_acts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"), index=True)
    act: Mapped[str]
    subject: Mapped[UUID] = mapped_column(index=True)  # the document or the notice
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    time: Mapped[datetime] = mapped_column(default=clock.now)
