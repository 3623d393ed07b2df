"""The table of translations: what people wrote so that others can read a contribution in their language."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base

STANDING = ("offered", "reviewed", "approved")  # public, while the contribution is; one in each language
_STANDS = text("status in ('offered', 'reviewed', 'approved')")
_WAITS = text("status = 'waiting'")


class Translation(Base):
    """A public revision in another language. Its words never change once written; its status does.

    The public reads it in the contribution's publication alone: the reader's role has no grant here. Erasing deletes
    the row, and with it the salt that its hash in the record was made with.
    """

    __tablename__ = "translations"
    __table_args__ = (
        CheckConstraint(
            "status in ('waiting', 'offered', 'reviewed', 'approved', 'superseded', 'refused', 'removed')",
            name="status",
        ),
        CheckConstraint("\"by\" in ('participant', 'moderator', 'author')", name="by"),
        Index("uq_translations_standing", "contribution_id", "language", unique=True, postgresql_where=_STANDS),
        Index("uq_translations_waiting", "contribution_id", "language", "author_id", unique=True,
              postgresql_where=_WAITS),
        Index("ix_translations_waiting", "consultation_id", "created", postgresql_where=_WAITS),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"), index=True)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("authors.id"), index=True)  # who translated: never public
    by: Mapped[str]  # as what they did
    machine: Mapped[bool] = mapped_column(server_default="false")
    revision: Mapped[int] = mapped_column(SmallInteger)  # number of what it says in its language
    language: Mapped[str]
    status: Mapped[str]
    title: Mapped[str | None]
    body: Mapped[str]
    html: Mapped[str]
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    seq: Mapped[int | None]  # of the public entry that committed to it
    created: Mapped[datetime] = mapped_column(default=clock.now)
    updated: Mapped[datetime] = mapped_column(default=clock.now)  # in this status
