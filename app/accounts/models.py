"""The tables of accounts: people, roles, sessions, sign-in challenges, keys."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.database import Base


class Person(Base):
    """Somebody with an account. Erasing empties the row and keeps it, so that nothing dangles.

    What is said about the organisation is what this person says: nobody else's words are shown or changed by it.
    """

    __tablename__ = "people"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    email: Mapped[str | None] = mapped_column(unique=True)  # lower case
    name: Mapped[str | None]
    organisation_id: Mapped[UUID | None]  # made of the name, see organisations.py
    organisation_name: Mapped[str | None]
    organisation_kind: Mapped[str | None]
    organisation_country: Mapped[str | None]
    organisation_region: Mapped[str | None]
    organisation_website: Mapped[str | None]
    mandate: Mapped[str | None]  # claimed, confirmed; None: no mandate to speak for the organisation
    capacity: Mapped[str] = mapped_column(server_default="personal")  # of a text, unless it says otherwise
    byline: Mapped[str | None]  # the byline last chosen
    language: Mapped[str] = mapped_column(server_default="en")
    time_zone: Mapped[str] = mapped_column(server_default="UTC")
    created: Mapped[datetime] = mapped_column(default=clock.now)
    consented: Mapped[datetime | None]
    erased: Mapped[datetime | None]


class Membership(Base):
    """A role that a person holds in a consultation, or a suspension there: rows with who and when, never flags.

    Anyone may take part in a public consultation; `participant` is who was invited into a private one. Who moderates or
    reports may do so for one topic alone. Why a role was taken back is for its holder.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("role in ('participant', 'moderator', 'rapporteur', 'organiser', 'suspended')", name="role"),
        Index(
            "uq_memberships_current", "person_id", "consultation_id", "role", "topic_id", unique=True,
            postgresql_where=text("ended IS NULL"), postgresql_nulls_not_distinct=True,
        ),
        Index(None, "consultation_id", "role"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    consultation_id: Mapped[UUID]  # points up, so without a constraint
    topic_id: Mapped[UUID | None]  # None: the whole consultation. Points up, too
    role: Mapped[str]
    since: Mapped[datetime] = mapped_column(default=clock.now)
    until: Mapped[datetime | None]  # a suspension's last moment
    granted_by: Mapped[UUID | None]
    ended: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    reason: Mapped[str | None]


class RoleOffer(Base):
    """A role that waits for who has this address to accept it. It is nobody's before.

    The link's secret part is an HMAC under the server's key: nothing stores it. The address goes when the role is
    accepted or the offer taken back, and else when the link is over.
    """

    __tablename__ = "role_offers"
    __table_args__ = (
        CheckConstraint("role in ('participant', 'moderator', 'rapporteur', 'organiser')", name="role"),
        CheckConstraint("outcome in ('accepted', 'declined', 'taken_back')", name="outcome"),
        Index(
            "uq_role_offers_open", "consultation_id", "email", "role", "topic_id", unique=True,
            postgresql_where=text("outcome IS NULL"), postgresql_nulls_not_distinct=True,
        ),
        Index(None, "email"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    consultation_id: Mapped[UUID]  # points up, so without a constraint
    topic_id: Mapped[UUID | None]
    role: Mapped[str]
    email: Mapped[str | None]
    language: Mapped[str]  # of the mail
    offered: Mapped[datetime] = mapped_column(default=clock.now)
    offered_by: Mapped[UUID | None]  # None: their account was erased
    expires: Mapped[datetime]
    outcome: Mapped[str | None]
    settled: Mapped[datetime | None]


class TeamMember(Base):
    """Who holds a role, as the public reads it: only what its holder agreed to. It goes with the role.

    Name and organisation are copied when they agree, as onto a byline.
    """

    __tablename__ = "team_members"

    membership_id: Mapped[UUID] = mapped_column(ForeignKey("memberships.id", ondelete="CASCADE"), primary_key=True)
    consultation_id: Mapped[UUID] = mapped_column(index=True)
    topic_id: Mapped[UUID | None]
    role: Mapped[str]
    name: Mapped[str | None]
    organisation: Mapped[str | None]
    since: Mapped[datetime]


class OrganisationAlias(Base):
    """Two names of one organisation, as the organisers of a consultation say: lists and counts there take them as one.

    What was signed stays as it was signed. A name is never the alias of an alias.
    """

    __tablename__ = "organisation_aliases"

    consultation_id: Mapped[UUID] = mapped_column(primary_key=True)  # points up, so without a constraint
    alias_id: Mapped[UUID] = mapped_column(primary_key=True)  # made of the name, see organisations.py
    alias_name: Mapped[str]
    organisation_id: Mapped[UUID]
    organisation_name: Mapped[str]
    merged: Mapped[datetime] = mapped_column(default=clock.now)
    merged_by: Mapped[UUID | None]


class PrivateConsultation(Base):
    """A consultation that only its members see, who hold any role in it. Kept here because every rule rests on it.

    One that is `preparing` becomes public, or `invited`, when it is announced; one that is `invited` stays so.
    """

    __tablename__ = "private_consultations"
    __table_args__ = (CheckConstraint("why in ('preparing', 'invited')", name="why"),)

    consultation_id: Mapped[UUID] = mapped_column(primary_key=True)  # points up, so without a constraint
    why: Mapped[str]
    since: Mapped[datetime] = mapped_column(default=clock.now)
    by: Mapped[UUID | None]


class MandateClaim(Base):
    """Somebody's request to organisers to confirm that they speak for their organisation, and what became of it.

    What is said of the organisation is as it was when they asked. It is open until `decided`, and a confirmation holds
    until `ended`; `people.mandate` says the same in one word, for who writes.
    """

    __tablename__ = "mandate_claims"
    __table_args__ = (
        CheckConstraint("outcome in ('confirmed', 'declined')", name="outcome"),
        Index("uq_mandate_claims_open", "person_id", unique=True, postgresql_where=text("decided IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    consultation_id: Mapped[UUID] = mapped_column(index=True)  # points up, so without a constraint
    organisation_id: Mapped[UUID]
    organisation_name: Mapped[str]
    organisation_kind: Mapped[str]
    organisation_country: Mapped[str | None]
    organisation_website: Mapped[str | None]
    words: Mapped[str | None]  # for the organisers alone
    asked: Mapped[datetime] = mapped_column(default=clock.now)
    decided: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]  # None: their account was erased
    how: Mapped[str | None]  # who answers for it: an `organiser`, or the `organisation` from an address of its own
    outcome: Mapped[str | None]
    reason: Mapped[str | None]  # of the outcome or, once it has ended, of the end
    ended: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    letters: Mapped[int] = mapped_column(SmallInteger, server_default="0")  # to the organisation; the last one counts
    email: Mapped[str | None]  # of the organisation, until it has answered or the link is over
    language: Mapped[str | None]  # of the letter
    expires: Mapped[datetime | None]  # the link


class Session(Base):
    """A signed-in browser. The cookie holds the token, this row its SHA-256."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    device: Mapped[str]  # "Firefox on Android", never an address
    created: Mapped[datetime] = mapped_column(default=clock.now)
    seen: Mapped[datetime] = mapped_column(default=clock.now)
    expires: Mapped[datetime]


class Challenge(Base):
    """An asked-for sign-in. Code and link token are HMACs of the id under the server's key: nothing stores them."""

    __tablename__ = "sign_in_challenges"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    email: Mapped[str] = mapped_column(index=True)
    browser_hash: Mapped[bytes | None] = mapped_column(LargeBinary)  # None: a printed link, good in any browser
    onward: Mapped[str]  # the page to go on to, a path of ours
    language: Mapped[str] = mapped_column(server_default="en")
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    created: Mapped[datetime] = mapped_column(default=clock.now)
    expires: Mapped[datetime] = mapped_column(index=True)
    used: Mapped[datetime | None]


class Key(Base):
    """An API key: 256 random bits with a readable prefix, of which only the SHA-256 is kept."""

    __tablename__ = "api_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str]
    prefix: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scopes: Mapped[list[str]]
    created: Mapped[datetime] = mapped_column(default=clock.now)
    expires: Mapped[date | None]  # its last day, in UTC; None: made before keys had one
    used: Mapped[date | None]  # the day, which says enough to find a key that nobody needs
    revoked: Mapped[datetime | None]


class RateLimit(Base):
    """How often something was done in a window. Unlogged: a crash forgets it. `key` is an HMAC, never an address."""

    __tablename__ = "rate_limits"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    window: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False
    )  # seconds since 1970, rounded down
    count: Mapped[int]


class Idempotency(Base):
    """What was answered to a write with an Idempotency-Key, kept for a day."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    key: Mapped[str]
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None]
    location: Mapped[str | None]
    subject: Mapped[UUID | None]  # the answer is read again, so that it never shows what was erased since
    created: Mapped[datetime] = mapped_column(default=clock.now, index=True)
