"""The tables of the outcome: recommendations with their versions and citations, and texts that were read, not used.

What the public reads of them a policy decides: versions that the record has an entry of, and what hangs on them.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Recommendation(Base):
    """A statement of the outcome: where it belongs, and which of its versions is public. The words are in these."""

    __tablename__ = "recommendations"
    __table_args__ = (
        CheckConstraint("stage in ('draft', 'open', 'final')", name="stage"),
        Index("uq_recommendations_number", "consultation_id", "number", unique=True,
              postgresql_where=text("number IS NOT NULL")),
        Index(None, "consultation_id", "id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topics.id"))
    number: Mapped[int | None]  # 1, 2, 3 … in its consultation, given when it first becomes public
    stage: Mapped[str] = mapped_column(server_default="draft")  # of the version that is public
    version: Mapped[int | None] = mapped_column(SmallInteger)  # the number of the one that is public
    created: Mapped[datetime] = mapped_column(default=clock.now)


class RecommendationVersion(Base):
    """One version: a draft while `seq` is empty; never changed once the record has its entry."""

    __tablename__ = "recommendation_versions"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "version"),
        CheckConstraint("stage in ('draft', 'open', 'final')", name="stage"),
        CheckConstraint(
            "addressee_kind in ('city', 'ministry', 'organisation', 'event', 'other')", name="addressee_kind"
        ),
        Index("uq_recommendation_versions_draft", "recommendation_id", unique=True,
              postgresql_where=text("seq IS NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    recommendation_id: Mapped[UUID] = mapped_column(ForeignKey("recommendations.id"))
    version: Mapped[int] = mapped_column(SmallInteger)
    stage: Mapped[str] = mapped_column(server_default="draft")
    title: Mapped[str] = mapped_column(server_default="")
    statement: Mapped[str] = mapped_column(server_default="")
    html: Mapped[str] = mapped_column(server_default="")
    language: Mapped[str]
    addressee_name: Mapped[str] = mapped_column(server_default="")
    addressee_kind: Mapped[str]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    seq: Mapped[int | None]  # of the public entry that committed to it
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)  # who wrote last in it
    created: Mapped[datetime] = mapped_column(default=clock.now)
    published: Mapped[datetime | None]


class Citation(Base):
    """The revision of a contribution that a version rests on, or that disagrees with it.

    A passage is kept as its place in the revision's text, never as words: these go when the revision goes.
    """

    __tablename__ = "citations"
    __table_args__ = (
        CheckConstraint("stance in ('support', 'dissent')", name="stance"),
        CheckConstraint('("begin" IS NULL) = ("end" IS NULL)', name="passage"),
        Index(None, "version_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("recommendation_versions.id"))
    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"), index=True)
    revision: Mapped[int] = mapped_column(SmallInteger)
    begin: Mapped[int | None]  # of the passage, in characters of the text
    end: Mapped[int | None]
    stance: Mapped[str]


class Response(Base):
    """What an addressee answered, or what became of it since. Public at once; never changed."""

    __tablename__ = "responses"
    __table_args__ = (
        CheckConstraint("answer in ('accepted', 'partly', 'declined', 'noted')", name="answer"),
        CheckConstraint("given_by in ('organisers', 'institution')", name="given_by"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    recommendation_id: Mapped[UUID] = mapped_column(ForeignKey("recommendations.id"), index=True)
    answer: Mapped[str]
    words: Mapped[str]
    language: Mapped[str]
    received: Mapped[date]
    document: Mapped[str | None]  # an address on the web
    given_by: Mapped[str] = mapped_column(server_default="organisers")  # who entered it
    institution: Mapped[str | None]  # which one, where it answered by its link
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    seq: Mapped[int]
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    created: Mapped[datetime] = mapped_column(default=clock.now)


class ResponseFile(Base):
    """The file of an answer: public with it, never changed. Withdrawn, its bytes are destroyed, and its hash stays."""

    __tablename__ = "response_files"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    response_id: Mapped[UUID] = mapped_column(  # which is written after it
        ForeignKey("responses.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"), unique=True
    )
    name: Mapped[str]
    type: Mapped[str]
    size: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)  # SHA-256 of the content
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # written here, read by its column alone
    bucket_key: Mapped[str | None]  # where the content is in the bucket
    added: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn: Mapped[datetime | None]
    reason: Mapped[str | None]  # why it was withdrawn; committed to in the entry `seq`
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    reason_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    seq: Mapped[int | None]


class SetAside(Base):
    """A contribution that was read and not used, and why: public with the outcome, and never before."""

    __tablename__ = "set_aside"
    __table_args__ = (
        CheckConstraint(
            "reason in ('scope', 'said', 'general', 'contradicted', 'addressee', 'background')", name="reason"
        ),
        Index(None, "consultation_id"),
    )

    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"), primary_key=True)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    reason: Mapped[str]
    marked_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    marked: Mapped[datetime] = mapped_column(default=clock.now)
