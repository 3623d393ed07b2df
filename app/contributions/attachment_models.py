"""The table of files that go with texts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Attachment(Base):
    """A file that a revision lists. Who may have it is who may read such a revision: no state is kept here.

    Its bytes go when no text that stands or waits lists it; what was public once leaves a row that says so. It is
    written before its contribution is, so the reference is looked at when the transaction ends.
    """

    __tablename__ = "attachments"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    contribution_id: Mapped[UUID] = mapped_column(
        ForeignKey("contributions.id", deferrable=True, initially="DEFERRED"), index=True
    )
    name: Mapped[str | None]
    type: Mapped[str]
    size: Mapped[int]
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)  # SHA-256 of the content
    content: Mapped[bytes | None] = mapped_column(LargeBinary)  # None: in the bucket, or destroyed, like `hash`
    bucket_key: Mapped[str | None]
    bare: Mapped[bool]  # cleaned of all that tells who made it
    tells: Mapped[list[str]]  # what its author should know that it tells; see files/kinds.py
    created: Mapped[datetime] = mapped_column(default=clock.now)
