"""The table of endorsements: who supports which contribution. How many people do, and for which organisations, is
public; who they are is not."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Endorsement(Base):
    """One person's support for one contribution: personal or, where it names one, for an organisation.

    What is said of the organisation is as it was then. What is public of it is copied onto the publication.
    """

    __tablename__ = "endorsements"
    __table_args__ = (
        UniqueConstraint("contribution_id", "person_id"),
        UniqueConstraint("contribution_id", "organisation_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)  # None: the account was erased
    given: Mapped[datetime] = mapped_column(default=clock.now)  # in this capacity
    organisation_id: Mapped[UUID | None]
    organisation_name: Mapped[str | None]
    organisation_kind: Mapped[str | None]
    organisation_country: Mapped[str | None]
    organisation_region: Mapped[str | None]
