"""The versions of the report: what rapporteurs write in it. All else in it is read anew whenever somebody reads it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class ReportVersion(Base):
    """One version: a draft while `seq` is empty; never changed once the record has its entry."""

    __tablename__ = "report_versions"
    __table_args__ = (
        UniqueConstraint("consultation_id", "version"),
        Index("uq_report_versions_draft", "consultation_id", unique=True, postgresql_where=text("seq IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    version: Mapped[int] = mapped_column(SmallInteger)
    language: Mapped[str]
    title: Mapped[str] = mapped_column(server_default="")
    summary: Mapped[str] = mapped_column(server_default="")
    method: Mapped[str] = mapped_column(server_default="")  # remarks on it
    results: Mapped[dict[str, Any]] = mapped_column(server_default="{}")  # Markdown by topic or question: inclusion.a
    html: Mapped[dict[str, Any]] = mapped_column(server_default="{}")  # of these, as `rendered` makes it
    reason: Mapped[str] = mapped_column(server_default="")  # of an erratum: from the second version on
    acknowledged: Mapped[list[Any]] = mapped_column(server_default="[]")  # findings of the checklist, and why
    saved: Mapped[int] = mapped_column(server_default="0")  # how often: a form tells which saving it was made from
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    seq: Mapped[int | None]  # of the public entry that committed to it
    as_of: Mapped[int | None]  # entries that the record had when it was published
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)  # who wrote last in it
    created: Mapped[datetime] = mapped_column(default=clock.now)
    published: Mapped[datetime | None]


class ReportTranslation(Base):
    """The words of one version in another language. Public with its version while `seq` is that version's, else never:
    what was not complete when the version was published is left out of it for ever."""

    __tablename__ = "report_translations"
    __table_args__ = (UniqueConstraint("version_id", "language"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("report_versions.id"))
    language: Mapped[str]
    title: Mapped[str] = mapped_column(server_default="")
    summary: Mapped[str] = mapped_column(server_default="")
    method: Mapped[str] = mapped_column(server_default="")
    results: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    html: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    reason: Mapped[str] = mapped_column(server_default="")
    done: Mapped[dict[str, Any]] = mapped_column(server_default="{}")  # by section: the original's words that it says
    saved: Mapped[int] = mapped_column(server_default="0")
    seq: Mapped[int | None]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    created: Mapped[datetime] = mapped_column(default=clock.now)
