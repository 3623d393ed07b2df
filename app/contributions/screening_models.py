"""What screening keeps (see screening/): how texts are known again, and what was noticed about them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Fingerprint(Base):
    """What is kept of a revision so that its like is known again; see `screening/fingerprints.py`. Never public. It is
    written before the revision is, so the references are looked at when the transaction ends."""

    __tablename__ = "fingerprints"
    __table_args__ = (
        Index(None, "consultation_id", "exact"),
        Index("ix_fingerprints_removed", "consultation_id", postgresql_where=text("removed")),
    )

    revision_id: Mapped[UUID] = mapped_column(
        ForeignKey("revisions.id", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    contribution_id: Mapped[UUID] = mapped_column(
        ForeignKey("contributions.id", deferrable=True, initially="DEFERRED"), index=True
    )
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    exact: Mapped[bytes] = mapped_column(LargeBinary)
    similar: Mapped[int | None] = mapped_column(BigInteger)
    removed: Mapped[bool] = mapped_column(server_default="false")  # rejected or hidden, at least for a while
    created: Mapped[datetime] = mapped_column(default=clock.now)


class Screening(Base):
    """What an automatic check noticed about a revision, and why it waits. For its moderators only."""

    __tablename__ = "screenings"

    revision_id: Mapped[UUID] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    sign: Mapped[str] = mapped_column(primary_key=True)  # see `screening/signs.py`
    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"), index=True)
    detail: Mapped[dict[str, Any]]
    created: Mapped[datetime] = mapped_column(default=clock.now)
