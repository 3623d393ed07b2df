"""The tables of coding: codes and what became of them, codings, memos, gists, and which texts were read.

Nobody but rapporteurs and organisers reads any of them: the public's role has no grant on one.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Code(Base):
    """An analytic tag of one consultation, in a tree. What is retired is put on nothing any more, and keeps its row."""

    __tablename__ = "codes"
    __table_args__ = (
        CheckConstraint("merged_into IS NULL OR retired IS NOT NULL", name="merged"),
        Index(None, "consultation_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("codes.id"), index=True)
    name: Mapped[str]
    definition: Mapped[str] = mapped_column(server_default="")
    colour: Mapped[str]  # a name of the palette, see code_words.py
    made: Mapped[datetime] = mapped_column(default=clock.now)
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("codes.id"), index=True)  # where its codings are now
    retired: Mapped[datetime | None]


class CodeChange(Base):
    """One act on a code, never changed: what it was before, and which other code had part in it."""

    __tablename__ = "code_changes"
    __table_args__ = (
        CheckConstraint("act in ('made', 'imported', 'changed', 'merged', 'split', 'retired', 'resumed')", name="act"),
        Index(None, "code_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    code_id: Mapped[UUID] = mapped_column(ForeignKey("codes.id"))
    act: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(server_default="{}")  # of name, definition, colour, parent: what was
    other_id: Mapped[UUID | None] = mapped_column(ForeignKey("codes.id"), index=True)  # merged into; split into
    codings: Mapped[int] = mapped_column(server_default="0")  # how many went there
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Coder(Base):
    """Who codes in one consultation: a person or, where codings came in a file, a name from it.

    Codings are kept apart by coder, also of people who left. The number says who is who where nobody is named.
    """

    __tablename__ = "coders"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        Index("uq_coders_person", "consultation_id", "person_id", unique=True,
              postgresql_where=text("person_id IS NOT NULL")),
        Index("uq_coders_name", "consultation_id", "name", unique=True, postgresql_where=text("name IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    number: Mapped[int] = mapped_column(SmallInteger)  # 1, 2, 3 …: A, B, C …
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str | None]  # in another program


class Coding(Base):
    """A code on a revision of a contribution, or on a passage of it, by one coder.

    A passage is kept as its place in the revision's text, as citations are: words go when the revision goes.
    """

    __tablename__ = "codings"
    __table_args__ = (
        CheckConstraint('("begin" IS NULL) = ("end" IS NULL)', name="passage"),
        Index("uq_codings_place", "code_id", "coder_id", "contribution_id", "revision", "begin", "end", unique=True,
              postgresql_nulls_not_distinct=True),
        Index(None, "consultation_id", "id"),
        Index(None, "consultation_id", "code_id", "coder_id"),  # for how often each code is used
        Index(None, "consultation_id", "contribution_id", "coder_id"),  # for how far a topic is
        Index(None, "contribution_id", "coder_id"),
        Index(None, "coder_id", "id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    code_id: Mapped[UUID] = mapped_column(ForeignKey("codes.id"))
    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"))
    revision: Mapped[int] = mapped_column(SmallInteger)
    begin: Mapped[int | None]  # of the passage, in characters of the text; the whole text where empty
    end: Mapped[int | None]
    coder_id: Mapped[UUID] = mapped_column(ForeignKey("coders.id"))
    made: Mapped[datetime] = mapped_column(default=clock.now)


class Memo(Base):
    """What a rapporteur notes about a code, a text or a coding, for all rapporteurs of the consultation."""

    __tablename__ = "memos"
    __table_args__ = (
        CheckConstraint("num_nonnulls(code_id, contribution_id, coding_id) = 1", name="subject"),
        Index(None, "consultation_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    code_id: Mapped[UUID | None] = mapped_column(ForeignKey("codes.id"), index=True)
    contribution_id: Mapped[UUID | None] = mapped_column(ForeignKey("contributions.id"), index=True)
    coding_id: Mapped[UUID | None] = mapped_column(ForeignKey("codings.id", ondelete="CASCADE"), index=True)
    coder_id: Mapped[UUID] = mapped_column(ForeignKey("coders.id"), index=True)
    body: Mapped[str]
    made: Mapped[datetime] = mapped_column(default=clock.now)


class Gist(Base):
    """What a contribution says, in one line. Rapporteurs share it: whoever words it last stands here.

    It names the revision that it was written for, as the text may say something else since.
    """

    __tablename__ = "gists"
    __table_args__ = (Index(None, "coder_id", "contribution_id"),)

    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"), primary_key=True)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), index=True)
    revision: Mapped[int] = mapped_column(SmallInteger)
    body: Mapped[str]
    coder_id: Mapped[UUID] = mapped_column(ForeignKey("coders.id"))
    written: Mapped[datetime] = mapped_column(default=clock.now)


class TextRead(Base):
    """That a rapporteur has read a text, and which revision of it: a later one is to be read again."""

    __tablename__ = "texts_read"
    __table_args__ = (Index(None, "consultation_id", "person_id"), Index(None, "contribution_id"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"), primary_key=True)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    revision: Mapped[int] = mapped_column(SmallInteger)
    read: Mapped[datetime] = mapped_column(default=clock.now)
