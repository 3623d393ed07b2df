"""Rounds of invitations: for organisers what became of each, for who was invited their own. Needs a write session."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts.models import Person
from app.accounts.private_consultations import why_private
from app.consultations.models import Consultation
from app.language import current, reader
from app.language import gettext as _
from app.outreach import answering
from app.outreach.answering import State
from app.outreach.models import Invitee, Round
from app.permissions import Actor, Thing, require
from app.readings import cursors
from app.readings.spoken import title_in


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as organisers see it: who sent it, in which words, and how many are in which state."""

    id: UUID
    name: str | None  # who sent it; None once they have left
    sent: datetime
    stopped: datetime | None
    forget_at: datetime
    forgotten: datetime | None
    texts: Mapping[str, Mapping[str, str]]
    note: str | None
    invited: int
    merged: int
    left_out: int
    refused: int
    counts: Mapping[str, int]

    def subject(self, main: str) -> str:
        """What a list calls it: in the viewer's language, else in the consultation's main one, else in any."""
        written = [self.texts[tag] for tag in (current.get(), main, *self.texts) if tag in self.texts]
        return written[0]["subject"] if written else ""


@dataclass(frozen=True, slots=True)
class InviteeView:
    """Somebody on a list, for the organisers. Name and address are gone once they are deleted."""

    id: UUID
    email: str | None
    name: str | None
    organisation: str | None
    language: str
    state: str
    bounced: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class InviteePage:
    """Some invitees of a round, and the cursor of those that follow."""

    items: Sequence[InviteeView]
    next: str | None


@dataclass(frozen=True, slots=True)
class Invited:
    """What opening a link shows to who was invited: no more than they know already."""

    state: State
    slug: str = ""
    consultation: str = ""
    email: str = ""
    private: bool = False  # it is not there for who is not signed in


async def rounds(session: AsyncSession, actor: Actor, consultation: UUID) -> Sequence[RoundView]:
    """All rounds of a consultation, newest first. Raises Unauthenticated, Forbidden."""
    require(actor, "people.invite", Thing(consultation))
    rows = (await session.execute(_ROUNDS.where(Round.consultation_id == consultation))).mappings().all()
    counts = await _counts(session, [row["id"] for row in rows])
    return [_round(row, counts) for row in rows]


async def one_round(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> RoundView:
    """One of them. Raises Unauthenticated, Forbidden, NotFound."""
    require(actor, "people.invite", Thing(consultation))
    query = _ROUNDS.where(Round.consultation_id == consultation, Round.id == id)
    row = (await session.execute(query)).mappings().one_or_none()
    if row is None:
        raise errors.NotFound(_("There is no such round of invitations."))
    return _round(row, await _counts(session, [id]))


async def invitees(
    session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, limit: int = 100, cursor: str | None = None
) -> InviteePage:  # fmt: skip
    """One page of a round's list, in its order. Raises what `one_round` raises, and Malformed."""
    await one_round(session, actor, consultation, id)
    columns = (
        Invitee.id, Invitee.email, Invitee.name, Invitee.organisation, Invitee.language, Invitee.state, Invitee.bounced,
        Invitee.since,
    )  # fmt: skip
    kept = (Invitee.round_id == id, Invitee.email.is_not(None))  # a gap in the list would tell who left it
    query = select(*columns).where(*kept).order_by(Invitee.id).limit(limit + 1)
    purpose = f"{id}:invitees"
    if cursor is not None:
        query = query.where(Invitee.id > UUID(cursors.unseal(purpose, cursor)[0]))
    rows = (await session.execute(query)).all()
    following = cursors.seal(purpose, [str(rows[limit - 1].id)]) if len(rows) > limit else None
    return InviteePage([InviteeView(*row) for row in rows[:limit]], following)


async def invited(session: AsyncSession, id: UUID, token: str) -> Invited:
    """What opening this link shows. It changes nothing: mail scanners open links."""
    found = await session.get(Invitee, id)
    state = answering.state_of(id, token, found)
    if found is None or state == "unknown":
        return Invited(state)
    query = (
        select(Consultation.id, Consultation.slug, Consultation.title, Consultation.details)
        .join(Round, Round.consultation_id == Consultation.id)
        .where(Round.id == found.round_id)
    )
    id, slug, title, details = (await session.execute(query)).one()
    private = await why_private(session, id) is not None
    if private and state in ("declined", "over"):  # the link is nobody's any more
        return Invited(state, private=True)
    return Invited(state, slug, title_in(reader.get(), title, details), found.email or "", private)


_ROUNDS: Any = (
    select(
        Round.id, Person.name, Round.sent, Round.stopped, Round.forget_at, Round.forgotten, Round.texts,
        Round.note_name.label("note"), Round.invited, Round.merged, Round.left_out, Round.refused,
    )
    .outerjoin(Person, Person.id == Round.sent_by)
    .order_by(Round.id.desc())
)  # fmt: skip


async def _counts(session: AsyncSession, ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, int]]:
    query = (
        select(Invitee.round_id, Invitee.state, func.count())
        .where(Invitee.round_id.in_(ids))
        .group_by(Invitee.round_id, Invitee.state)
    )
    counts: dict[UUID, Counter[str]] = {id: Counter() for id in ids}
    for id, state, count in await session.execute(query):
        counts[id][state] = count
    return counts


def _round(row: Any, counts: Mapping[UUID, Mapping[str, int]]) -> RoundView:
    return RoundView(**row, counts=counts[row["id"]])
