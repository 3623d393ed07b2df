"""The tables of the record: the logs, and their entries."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Record(Base):
    """One log and its two counters. Nothing references this row: it is bumped by a plain UPDATE, late."""

    __tablename__ = "records"
    __table_args__ = (CheckConstraint("log in ('public', 'staff', 'service')", name="log"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)  # of a public log: the consultation's own id
    consultation_id: Mapped[UUID | None]  # points up, so without a constraint
    log: Mapped[str]
    size: Mapped[int] = mapped_column(server_default="0")
    numbers: Mapped[int] = mapped_column(server_default="0")  # contributions numbered so far
    defined: Mapped[int] = mapped_column(server_default="0")  # the newest entry about the consultation itself
    sealed: Mapped[datetime | None]  # from when on it takes only what an archived consultation still does


class Entry(Base):
    """One entry, never changed. Public entries are leaves of the Merkle tree at index seq - 1."""

    __tablename__ = "entries"
    __table_args__ = (
        Index("ix_entries_waiting", "subject", postgresql_where=text("kind = 'text.waiting'")),
        Index("ix_entries_decisions", "record_id", "seq", postgresql_where=text("kind = 'decision.made'")),
        Index("ix_entries_appeals", "record_id", "seq",
              postgresql_where=text("kind IN ('appeal.made', 'appeal.decided')")),
    )  # fmt: skip

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public: Mapped[bool]
    time: Mapped[datetime]
    kind: Mapped[str]
    subject: Mapped[UUID]
    payload: Mapped[dict[str, Any]]
    leaf: Mapped[bytes | None] = mapped_column(LargeBinary)


class Cursor(Base):
    """How far one consumer has read one log. The worker moves it in the transaction of what it did."""

    __tablename__ = "record_cursors"

    consumer: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(server_default="0")
    failures: Mapped[int] = mapped_column(SmallInteger, server_default="0")


class TileHash(Base):
    """The hash over 256**level entries of a public log, from entry number 256**level * position (counted from 0) on."""

    __tablename__ = "tile_hashes"

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class SigningKey(Base):
    """The one key that checkpoints are signed with. Public reading must never see this table."""

    __tablename__ = "signing_keys"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    seed: Mapped[bytes] = mapped_column(LargeBinary)
    made: Mapped[datetime]
