"""Roles: for organisers who holds which and what is offered, for each person their own. Needs a write session.

Who is listed in public is read with the consultation (`consultations.py`). No address of a holder is shown to anybody;
that of an offer is, to organisers, who wrote it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.accounts import offers, team
from app.accounts.models import Membership, Person, RoleOffer, TeamMember
from app.accounts.offers import State
from app.accounts.roles import GRANTABLE
from app.consultations.models import Consultation, Topic
from app.language import reader
from app.permissions import Actor, Thing, require
from app.readings.spoken import title_in, topic_in

_MOST = 500


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a role, for the organisers. Without a name: the account has none yet."""

    id: UUID
    role: str
    topic: str | None  # its title; None: the whole consultation
    name: str | None
    organisation: str | None
    since: datetime
    listed: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer for the organisers, until it is accepted or its link is over."""

    id: UUID
    role: str
    topic: str | None
    email: str | None
    offered: datetime
    expires: datetime
    outcome: str | None

    @property
    def waits(self) -> bool:
        """Whether an answer may still come."""
        return self.outcome is None and self.expires > clock.now()


@dataclass(frozen=True, slots=True)
class OwnRole:
    """A role of the one who looks, and how the public is told of it."""

    id: UUID
    role: str
    slug: str
    consultation: str
    topic: str | None
    since: datetime
    listing: str  # one of team.LISTINGS
    name: str | None
    organisation: str | None


@dataclass(frozen=True, slots=True)
class OfferView:
    """What opening an offer's link shows, and an offer on the page of who has its address."""

    state: State
    id: UUID | None = None
    role: str = ""
    slug: str = ""
    consultation: str = ""
    topic: str | None = None
    until: datetime | None = None
    is_mine: bool = False  # the viewer is signed in with the address it went to

    @property
    def path(self) -> str:
        """The path of its link."""
        return offers.link_path(self.id) if self.id else ""


@dataclass(frozen=True, slots=True)
class RoleLetter:
    """A mail about a role: an offer with its link, or the word that it was taken back."""

    email: str
    language: str
    consultation: str
    role: str
    topic: str | None
    path: str = ""
    days: int = 0
    reason: str | None = None


async def in_consultation(
    session: AsyncSession, actor: Actor, consultation: UUID
) -> tuple[Sequence[Holder], Sequence[Offered]]:
    """Who holds a role, and what is offered: to whoever may give roles. Raises Unauthenticated, Forbidden."""
    require(actor, "role.grant", Thing(consultation))
    held = (
        select(Membership, Topic.title, Person.name, Person.organisation_name, TeamMember.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Topic, Topic.id == Membership.topic_id)
        .outerjoin(TeamMember, TeamMember.membership_id == Membership.id)
        .where(Membership.consultation_id == consultation, *_HELD, Person.erased.is_(None))
        .order_by(Membership.since, Membership.id)
        .limit(_MOST)
    )
    holders = [
        Holder(row.id, row.role, topic, name, organisation, row.since, listed is not None,
               row.person_id == actor.person)
        for row, topic, name, organisation, listed in await session.execute(held)
    ]  # fmt: skip
    open_offers = (
        select(RoleOffer.id, RoleOffer.role, Topic.title, RoleOffer.email, RoleOffer.offered, RoleOffer.expires,
               RoleOffer.outcome)
        .outerjoin(Topic, Topic.id == RoleOffer.topic_id)
        .where(RoleOffer.consultation_id == consultation, RoleOffer.email.is_not(None))
        .order_by(RoleOffer.id.desc())
        .limit(_MOST)
    )  # fmt: skip
    return holders, [Offered(*row) for row in await session.execute(open_offers)]


async def own(session: AsyncSession, actor: Actor) -> tuple[Sequence[OwnRole], Sequence[OfferView]]:
    """The roles one holds, and those that are offered to one's address. Raises Unauthenticated."""
    require(actor, "profile.read", Thing(owner=actor.person))
    held = _with_consultation(Membership, TeamMember).where(Membership.person_id == actor.person, *_HELD)
    roles = [
        OwnRole(row.id, row.role, slug, *_titles(reader.get(), *titles), row.since, _listing(listed),
                listed.name if listed else None, listed.organisation if listed else None)
        for row, listed, slug, *titles in await session.execute(
            held.outerjoin(TeamMember, TeamMember.membership_id == Membership.id).order_by(Membership.id)
        )
    ]  # fmt: skip
    waits = (RoleOffer.outcome.is_(None), RoleOffer.expires > clock.now())
    offered = _offers().join(Person, Person.email == RoleOffer.email).where(Person.id == actor.person, *waits)
    found = await session.execute(offered.order_by(RoleOffer.id))
    return roles, [_offer_view("good", row, slug, titles, mine=True) for row, slug, *titles in found]


async def alone_in(session: AsyncSession, actor: Actor) -> Sequence[str]:
    """The titles of the consultations of which one is the only organiser. Raises Unauthenticated."""
    require(actor, "profile.read", Thing(owner=actor.person))
    ids = await team.alone_in(session, actor.person) if actor.person else []
    query = select(Consultation.title, Consultation.details).where(Consultation.id.in_(ids))
    return [title_in(reader.get(), *row) for row in await session.execute(query.order_by(Consultation.id))]


async def offer(session: AsyncSession, actor: Actor, id: UUID, token: str) -> OfferView:
    """What opening this link shows to this visitor. It changes nothing: mail scanners open links."""
    found = (await session.execute(_offers().where(RoleOffer.id == id))).one_or_none()
    state = offers.state_of(id, token, found[0] if found else None)
    if found is None or state == "unknown":
        return OfferView("unknown")
    row, slug, *titles = found
    email = await session.scalar(select(Person.email).where(Person.id == actor.person)) if actor.person else None
    return _offer_view(state, row, slug, titles, mine=email is not None and email == row.email)


async def offer_letter(session: AsyncSession, id: UUID) -> RoleLetter | None:
    """The mail with an offer's link; None once it is answered, over or taken back."""
    found = (await session.execute(_offers().where(RoleOffer.id == id))).one_or_none()
    if found is None or found[0].outcome is not None or not found[0].email or found[0].expires <= clock.now():
        return None
    row, _slug, *titles = found
    title, topic = _titles(row.language, *titles)
    return RoleLetter(row.email, row.language, title, row.role, topic, offers.link_path(id), offers.LASTS.days)


async def ended_letter(session: AsyncSession, membership: UUID, person: UUID) -> RoleLetter | None:
    """The word to somebody that their role was taken back; None where they laid it down, or are gone."""
    query = _with_consultation(Membership, Person).join(Person, Person.id == Membership.person_id)
    ended = (Membership.ended_by.is_not(None), Membership.ended_by != Membership.person_id)
    found = (await session.execute(query.where(Membership.id == membership, Person.id == person, *ended))).one_or_none()
    if found is None or found[1].email is None:
        return None
    row, holder, _slug, *titles = found
    title, topic = _titles(holder.language, *titles)
    return RoleLetter(holder.email, holder.language, title, row.role, topic, reason=row.reason)


async def kept_offers(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    """Those of these offers that wait for an answer."""
    waits = (RoleOffer.outcome.is_(None), RoleOffer.email.is_not(None), RoleOffer.expires > clock.now())
    return set(await session.scalars(select(RoleOffer.id).where(RoleOffer.id.in_(ids), *waits)))


async def kept_roles(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    """Those of these roles whose holders, of now or of before, have an account."""
    query = select(Membership.id).join(Person, Person.id == Membership.person_id)
    return set(await session.scalars(query.where(Membership.id.in_(ids), Person.erased.is_(None))))


_HELD = (Membership.ended.is_(None), Membership.role.in_(GRANTABLE))


_TITLES = (Consultation.title, Consultation.details, Topic.slug, Topic.title)


def _with_consultation(*columns: Any) -> Select[Any]:
    return (
        select(*columns, Consultation.slug, *_TITLES)
        .select_from(Membership)
        .join(Consultation, Consultation.id == Membership.consultation_id)
        .outerjoin(Topic, Topic.id == Membership.topic_id)
    )


def _offers() -> Any:
    return (
        select(RoleOffer, Consultation.slug, *_TITLES)
        .join(Consultation, Consultation.id == RoleOffer.consultation_id)
        .outerjoin(Topic, Topic.id == RoleOffer.topic_id)
    )


def _titles(
    language: str | None, title: str, details: Mapping[str, Any], topic_slug: str | None, topic: str | None
) -> tuple[str, str | None]:
    """Those of the consultation and of the topic, in this language."""
    return title_in(language, title, details), topic_in(language, topic_slug, topic, details)


def _offer_view(state: State, row: RoleOffer, slug: str, titles: Sequence[Any], *, mine: bool) -> OfferView:
    title, topic = _titles(reader.get(), *titles)
    return OfferView(state, row.id, row.role, slug, title, topic, row.expires, mine)


def _listing(listed: TeamMember | None) -> str:
    return "none" if listed is None else "full" if listed.name else "organisation"
