"""The versions of the two-page summary: what rapporteurs write in it, and for whoever presents it aloud."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class SummaryVersion(Base):
    """One version: a draft while `seq` is empty; never changed once the record has its entry."""

    __tablename__ = "summary_versions"
    __table_args__ = (
        UniqueConstraint("consultation_id", "version"),
        CheckConstraint("kind in ('interim', 'final')", name="kind"),
        Index("uq_summary_versions_draft", "consultation_id", unique=True, postgresql_where=text("seq IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    version: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(server_default="interim")
    language: Mapped[str]
    title: Mapped[str] = mapped_column(server_default="")
    body: Mapped[str] = mapped_column(server_default="")  # Markdown
    html: Mapped[str] = mapped_column(server_default="")
    recommendations: Mapped[list[int]] = mapped_column(JSONB, server_default="[]")  # numbers, in the order chosen
    speech: Mapped[str] = mapped_column(server_default="")  # Markdown: what is said aloud
    speech_html: Mapped[str] = mapped_column(server_default="")
    reason: Mapped[str] = mapped_column(server_default="")  # of a new version: from the second on
    saved: Mapped[int] = mapped_column(server_default="0")  # how often: a form tells which saving it was made from
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    seq: Mapped[int | None]  # of the public entry that committed to it
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)  # who wrote last in it
    created: Mapped[datetime] = mapped_column(default=clock.now)
    published: Mapped[datetime | None]
