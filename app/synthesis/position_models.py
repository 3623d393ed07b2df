"""The tables of positions: what people think of recommendations, and what the public reads of it: no names."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Position(Base):
    """What a person thinks of a recommendation. Nobody but they read it: the public reads sums (`OpinionMap`)."""

    __tablename__ = "positions"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "person_id"),
        CheckConstraint("value in (-1, 0, 1)", name="value"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    recommendation_id: Mapped[UUID] = mapped_column(ForeignKey("recommendations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    value: Mapped[int] = mapped_column(SmallInteger)  # 1 agrees, -1 disagrees, 0 passes
    version: Mapped[int] = mapped_column(SmallInteger)  # of the recommendation, which they had before them
    taken: Mapped[datetime] = mapped_column(default=clock.now)
    changed: Mapped[datetime] = mapped_column(default=clock.now)


class OpinionMap(Base):
    """What the positions of a consultation say together: the latest map alone, in the words of `mapping.py`.

    The record has the hash of each; of an earlier one nothing else is left, so that nobody compares two of them.
    """

    __tablename__ = "opinion_maps"

    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    made: Mapped[datetime] = mapped_column(default=clock.now)
    found: Mapped[dict[str, Any]]
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    seq: Mapped[int]  # of the entry that committed to it
    made_of: Mapped[str]  # tells whether the positions are others now


class OpinionMember(Base):
    """In which group of the latest map somebody is, so that groups keep their names in the next. Never public."""

    __tablename__ = "opinion_members"

    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    label: Mapped[str]
