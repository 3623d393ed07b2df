"""The tables of contributions: authors, contributions, revisions, publications, drafts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Author(Base):
    """Who speaks in one consultation: a person, or a name without an account. The id means nothing outside it."""

    __tablename__ = "authors"
    __table_args__ = (
        UniqueConstraint("consultation_id", "person_id"),
        Index("uq_authors_name", "consultation_id", "name", unique=True, postgresql_where=text("person_id IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str | None]


class Contribution(Base):
    """What a participant says: its place, state and way in. What it says is in its revisions."""

    __tablename__ = "contributions"
    __table_args__ = (
        CheckConstraint(
            "status in ('pending', 'published', 'rejected', 'hidden', 'withdrawn', 'merged', 'erased')", name="status"
        ),
        Index("uq_contributions_number", "consultation_id", "number", unique=True,
              postgresql_where=text("number IS NOT NULL")),
        Index("ix_contributions_gaps", "thread_id", "sort_key",
              postgresql_where=text("number IS NOT NULL AND status <> 'published'")),
        Index("ix_contributions_waiting", "consultation_id", "waits_since",
              postgresql_where=text("waits_since IS NOT NULL")),
        Index("uq_contributions_external", "consultation_id", "external_id", unique=True,
              postgresql_where=text("external_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topics.id"))
    thread_id: Mapped[UUID]  # its own id for a root
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("contributions.id"), index=True)
    depth: Mapped[int] = mapped_column(server_default="0")
    number: Mapped[int | None]
    sort_key: Mapped[bytes | None] = mapped_column(LargeBinary)  # numbers on the way down from the root, see placing.py
    status: Mapped[str] = mapped_column(server_default="pending")
    since: Mapped[datetime] = mapped_column(default=clock.now)  # in this status
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("authors.id"), index=True)
    kind: Mapped[str]
    channel: Mapped[str] = mapped_column(server_default="web")
    provenance: Mapped[dict[str, Any] | None]
    external_id: Mapped[str | None]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("contributions.id"))  # where it lives on
    recommendation: Mapped[int | None]  # the number of the one that it is a comment on
    tags: Mapped[list[str]] = mapped_column(server_default="{}")
    latest: Mapped[int] = mapped_column(SmallInteger, server_default="1")  # number of its newest revision
    waits_since: Mapped[datetime | None]  # set while a revision waits for a moderator
    created: Mapped[datetime] = mapped_column(default=clock.now)
    published: Mapped[datetime | None]
    updated: Mapped[datetime] = mapped_column(default=clock.now)


SIGNED = ("contribution_id", "visible", "organisation_name", "organisation_kind", "organisation_country",
          "organisation_region", "mandate")  # fmt: skip


class Revision(Base):
    """One version of a text. Text and salt never change; they may be destroyed. The byline may be lowered.

    The byline's columns hold only what it shows: they are empty where it withholds.
    """

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("contribution_id", "number"),
        CheckConstraint("state in ('waiting', 'public', 'superseded', 'rejected', 'erased')", name="state"),
        CheckConstraint("byline in ('full', 'organisation', 'anonymous')", name="byline"),
        # Organisations are counted from this index alone.
        Index("ix_revisions_signed", "organisation_id", postgresql_include=SIGNED,
              postgresql_where=text("state = 'public' AND organisation_id IS NOT NULL")),
        Index("ix_revisions_author_id", "author_id", postgresql_where=text("author_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str]
    visible: Mapped[bool] = mapped_column(server_default="false")  # public now: what the reader's policy goes by
    title: Mapped[str | None]
    body: Mapped[str | None]
    html: Mapped[str | None]
    language: Mapped[str]
    questions: Mapped[list[str]]
    places: Mapped[list[Any]]
    attachments: Mapped[list[Any]] = mapped_column(server_default="[]")  # as in its JSON; see attachments.py
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    seq: Mapped[int | None]  # of the public entry that committed to it
    byline: Mapped[str]
    capacity: Mapped[str]
    author_id: Mapped[UUID | None]
    author_name: Mapped[str | None]
    organisation_id: Mapped[UUID | None]
    organisation_name: Mapped[str | None]
    organisation_kind: Mapped[str | None]
    organisation_country: Mapped[str | None]
    organisation_region: Mapped[str | None]
    mandate: Mapped[str | None]
    created: Mapped[datetime] = mapped_column(default=clock.now)
    published: Mapped[datetime | None]


# What all public texts are counted by: from an index, since each row has its whole document. None of it is long: of a
# topic's 26 questions all keys together fit.
COUNTED = (
    "contribution_id", "topic_id", "parent_id", "kind", "language", "country", "organisation_kind", "endorsements",
    "questions",
)  # fmt: skip


class Publication(Base):
    """A contribution as the public reads it now: rows exist only while it is public. Written by `publishing.py` alone.

    `document` is its JSON (see document.py) without what changes often (`url`, `seq`, `replies`, `endorsements`,
    `endorsing_organisations`); the other columns filter and sort.
    """

    __tablename__ = "publications"
    __table_args__ = (
        Index(None, "consultation_id", "number", unique=True, postgresql_include=COUNTED),
        Index(None, "consultation_id", "updated", "number"),
        Index(None, "consultation_id", "endorsements", "number"),
        Index(None, "consultation_id", "kind", "number"),
        Index(None, "consultation_id", "language", "number"),
        Index(None, "consultation_id", "country", "number"),
        Index(None, "consultation_id", "organisation_kind", "number"),
        Index(None, "topic_id", "number"),
        Index("ix_publications_roots", "topic_id", "number", postgresql_where=text("parent_id IS NULL")),
        Index("ix_publications_notes", "topic_id", "number", postgresql_where=text("kind = 'note'")),
        Index(None, "thread_id", "number"),
        Index(None, "parent_id", "number"),
        Index(
            "ix_publications_comments",
            "consultation_id",
            "recommendation",
            "number",
            postgresql_where=text("recommendation IS NOT NULL"),
        ),
        Index("ix_publications_questions", "questions", postgresql_using="gin"),
        Index(
            "ix_publications_endorsed", "consultation_id", "number", postgresql_where=text("endorsers <> '\\x5b5d'")
        ),  # by organisations
    )

    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"), primary_key=True)
    consultation_id: Mapped[UUID]
    topic_id: Mapped[UUID]
    thread_id: Mapped[UUID]
    parent_id: Mapped[UUID | None]
    number: Mapped[int]
    depth: Mapped[int]
    sort_key: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str]
    recommendation: Mapped[int | None]
    language: Mapped[str]
    country: Mapped[str | None]
    organisation_kind: Mapped[str | None]
    questions: Mapped[list[str]]
    places: Mapped[list[str]]  # lower-case cities and countries
    tags: Mapped[list[str]]
    updated: Mapped[datetime]
    seq: Mapped[int]
    replies: Mapped[int]
    endorsements: Mapped[int]
    endorsers: Mapped[bytes] = mapped_column(LargeBinary, server_default="[]")  # the organisations among them, as JSON
    document: Mapped[bytes] = mapped_column(LargeBinary)  # as it goes over the wire: nobody decodes it on the way


class Fragment(Base):
    """A publication as a piece of its thread's page, and where it stands there. It goes with the publication.

    A page reads a hundred of these and an export a million documents: neither has the other's text on its way.
    """

    __tablename__ = "fragments"
    __table_args__ = (Index(None, "thread_id", "sort_key"), Index(None, "parent_id", "number"))

    contribution_id: Mapped[UUID] = mapped_column(
        ForeignKey("publications.contribution_id", ondelete="CASCADE"), primary_key=True
    )
    thread_id: Mapped[UUID]
    parent_id: Mapped[UUID | None]
    number: Mapped[int]
    depth: Mapped[int]
    sort_key: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str]
    html: Mapped[bytes] = mapped_column(LargeBinary)  # see fragment.py


class SearchText(Base):
    """The words of a publication, as search compares them (see `search_texts.py`). It goes with the publication."""

    __tablename__ = "search_texts"
    __table_args__ = (
        Index(None, "consultation_id", "number", unique=True),
        Index(None, "consultation_id", "published", "number"),
        Index("ix_search_texts_words_facets", "words", "facets", postgresql_using="gin"),
    )

    contribution_id: Mapped[UUID] = mapped_column(
        ForeignKey("publications.contribution_id", ondelete="CASCADE"), primary_key=True
    )
    consultation_id: Mapped[UUID]
    number: Mapped[int]
    channel: Mapped[str]
    published: Mapped[datetime]
    words: Mapped[str] = mapped_column(TSVECTOR)
    facets: Mapped[list[str]]  # see `search_facets.py`


class ThreadLock(Base):
    """A thread that takes no more replies. The row goes when it is unlocked."""

    __tablename__ = "thread_locks"

    thread_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"), primary_key=True)
    consultation_id: Mapped[UUID]
    since: Mapped[datetime] = mapped_column(default=clock.now)


class Mark(Base):
    """A contribution that moderators put to the top of its topic (`pinned`) or into the light (`featured`)."""

    __tablename__ = "marks"
    __table_args__ = (CheckConstraint("kind in ('pinned', 'featured')", name="kind"), Index(None, "topic_id", "kind"))

    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    consultation_id: Mapped[UUID]
    topic_id: Mapped[UUID]
    since: Mapped[datetime] = mapped_column(default=clock.now)


class Deposit(Base):
    """That a text may go into a research archive: who said so and when. Never public. The row goes when it is taken
    back; it is written before the contribution is, as a fingerprint is."""

    __tablename__ = "deposits"

    contribution_id: Mapped[UUID] = mapped_column(
        ForeignKey("contributions.id", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)  # None: a file did
    given: Mapped[datetime] = mapped_column(default=clock.now)


class Draft(Base):
    """A text that is not sent yet, kept for a person or, before sign-in, for a browser."""

    __tablename__ = "drafts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    browser_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    fields: Mapped[dict[str, Any]]  # what the form held, unchecked
    updated: Mapped[datetime] = mapped_column(default=clock.now, index=True)
