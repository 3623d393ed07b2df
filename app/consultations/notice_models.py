"""The tables of notices: what organisers announce, and its text in each language."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Notice(Base):
    """A notice or a next step. Taken back, it stays as a row without texts, with the reason."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("kind in ('notice', 'next-step')", name="kind"),
        Index(None, "consultation_id", "posted"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    kind: Mapped[str]
    date: Mapped[dt.date | None]  # of a next step
    language: Mapped[str]  # in which it was written first
    posted: Mapped[dt.datetime] = mapped_column(default=clock.now)
    revised: Mapped[dt.datetime | None]
    removed: Mapped[dt.datetime | None]
    reason: Mapped[str | None]  # why it was taken back; committed to in the entry `seq`
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    seq: Mapped[int | None]


class NoticeText(Base):
    """What a notice says in one language, rendered once. Of earlier wordings only the record's hash stays."""

    __tablename__ = "notice_texts"

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    html: Mapped[str]
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    seq: Mapped[int | None]  # the entry that holds the hash
