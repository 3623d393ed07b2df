"""The tables of outreach: rounds of invitations, who was invited, and which addresses want none."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Round(Base):
    """One list of people whom an organiser invited at once: in which words, and how long their addresses are kept.

    The numbers are what became of the list; how many have answered is counted from the invitees.
    """

    __tablename__ = "outreach_rounds"
    __table_args__ = (
        Index(None, "consultation_id", "id"),
        Index("ix_outreach_rounds_kept", "forget_at", postgresql_where=text("forgotten IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultations.id"))
    sent_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    sent: Mapped[datetime] = mapped_column(default=clock.now)
    stopped: Mapped[datetime | None]  # nothing that waited by then is sent
    forget_at: Mapped[datetime]  # stated in each mail: later changes of the dates do not move it
    forgotten: Mapped[datetime | None]
    texts: Mapped[dict[str, Any]]  # by language: subject, words, source; empty once who sent it has left
    note_name: Mapped[str | None]
    note_type: Mapped[str | None]
    note: Mapped[bytes | None] = mapped_column(LargeBinary)  # goes with the addresses
    invited: Mapped[int]
    merged: Mapped[int]  # lines that gave an address again
    left_out: Mapped[int]  # invited here before, or wants no invitations
    refused: Mapped[int]  # lines that were none


class Invitee(Base):
    """Somebody on a list. The person goes after a time stated beforehand, or at their word; what became of it stays."""

    __tablename__ = "invitees"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'sent', 'bounced', 'answered', 'declined', 'stopped')", name="state"),
        CheckConstraint("bounced in ('unknown', 'full', 'refused', 'unreachable')", name="bounced"),
        Index(None, "round_id", "id"),
        Index("ix_invitees_email", "email", postgresql_where=text("email IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("outreach_rounds.id"))
    email: Mapped[str | None]
    name: Mapped[str | None]
    organisation: Mapped[str | None]
    language: Mapped[str]
    state: Mapped[str]
    bounced: Mapped[str | None]  # why the mail could not be delivered
    since: Mapped[datetime] = mapped_column(default=clock.now)  # in this state


class DeclinedAddress(Base):
    """An address that no invitation of this service goes to any more: an HMAC of it under the server's key."""

    __tablename__ = "declined_addresses"

    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)
