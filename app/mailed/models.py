"""The tables of mail that came in, and of which texts it became."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base

STATES = ("arrived", "asked", "done", "refused", "dropped", "failed", "given_up")


class InboundMail(Base):
    """One mail to one of our addresses. The row stays for some months, so that a second copy is known; who sent it and
    what it says are emptied much sooner (`forgetting.py`). Never public."""

    __tablename__ = "inbound_mails"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        Index("ix_inbound_mails_due", "due", postgresql_where=text("state = 'arrived'")),
        Index("ix_inbound_mails_sender", "sender", postgresql_where=text("sender IS NOT NULL")),
        Index("ix_inbound_mails_person_id", "person_id", postgresql_where=text("person_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, unique=True)  # an HMAC of its Message-ID and recipient
    recipient: Mapped[str | None]
    returns: Mapped[str | None]  # the envelope's sender; empty for what wants no answer
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)
    received: Mapped[datetime] = mapped_column(default=clock.now)
    state: Mapped[str] = mapped_column(server_default="arrived")
    reason: Mapped[str | None]  # a word for what became of it
    due: Mapped[datetime] = mapped_column(default=clock.now)  # while it has arrived: when to deal with it
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    settled: Mapped[datetime | None]  # since when it is in its state
    expires: Mapped[datetime | None]  # what its sender was asked

    sender: Mapped[str | None]  # whom it is answered: the address in From, or an account's
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    consultation_id: Mapped[UUID | None] = mapped_column(ForeignKey("consultations.id"), index=True)
    language: Mapped[str] = mapped_column(server_default="en")  # of the answer
    message_id: Mapped[str | None]
    subject: Mapped[str | None]
    text: Mapped[str | None]  # all of it, before anything was cut off
    unsure: Mapped[bool] = mapped_column(server_default="false")  # what of it is quoted
    message: Mapped[str | None]  # why it was refused, in words
    parts: Mapped[list[Any]] = mapped_column(server_default="[]")  # what would be posted: title, body, questions
    asks: Mapped[list[str]] = mapped_column(server_default="{}")  # what its sender was asked, see `asking.py`
    told: Mapped[list[str]] = mapped_column(server_default="{}")  # what in it says who they are
    confirmed: Mapped[datetime | None]  # its sender has said yes
    confirmed_by: Mapped[UUID | None]  # the mail in which they did; None: on the page
    byline: Mapped[str | None]  # chosen with that


class InboundText(Base):
    """That a contribution came by mail, or was changed so."""

    __tablename__ = "inbound_texts"

    mail_id: Mapped[UUID] = mapped_column(ForeignKey("inbound_mails.id", ondelete="CASCADE"), primary_key=True)
    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.id"), primary_key=True, index=True)
