"""The tables of documents: what organisers attach to a consultation, a topic or a meeting, in each language."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Document(Base):
    """A paper of the organisers. While it is only announced, its title is public and its files are not."""

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint("kind in ('concept-note', 'programme', 'working-paper', 'report', 'other')", name="kind"),
        CheckConstraint("state in ('announced', 'published', 'withdrawn')", name="state"),
        Index(None, "consultation_id", "position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    topic_id: Mapped[UUID | None] = mapped_column(ForeignKey("topics.id", ondelete="SET NULL"), index=True)
    meeting_id: Mapped[UUID | None] = mapped_column(index=True)  # one to come; points up, so without a constraint
    kind: Mapped[str]
    titles: Mapped[dict[str, Any]]  # by language tag
    author: Mapped[str | None]  # who made it: an organisation, as a rule
    position: Mapped[int]
    state: Mapped[str]
    since: Mapped[dt.datetime] = mapped_column(default=clock.now)  # of the state
    expected: Mapped[dt.date | None]  # when it is to be published, as far as that is known
    reason: Mapped[str | None]  # why it was withdrawn; committed to in the entry `seq`
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    seq: Mapped[int | None]


class DocumentVersion(Base):
    """One file, never changed. The newest that stands is the document in its language; earlier ones stay readable.

    It is public from the moment `published` on. With the withdrawal its bytes are destroyed; its hash stays.
    """

    __tablename__ = "document_versions"
    __table_args__ = (UniqueConstraint("document_id", "language", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    language: Mapped[str]
    number: Mapped[int] = mapped_column(SmallInteger)  # 1, 2, 3 … in its language
    name: Mapped[str]
    type: Mapped[str]
    size: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)  # SHA-256 of the content
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # written here, read by its column alone
    bucket_key: Mapped[str | None]  # where the content is in the bucket
    tells: Mapped[list[str]]  # besides its text: for the organisers to know
    added: Mapped[dt.datetime] = mapped_column(default=clock.now)
    published: Mapped[dt.datetime | None]
    published_seq: Mapped[int | None]  # the entry that holds its hash
    withdrawn: Mapped[dt.datetime | None]
    reason: Mapped[str | None]  # where it was withdrawn alone; committed to in the entry `seq`
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    reason_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    seq: Mapped[int | None]
