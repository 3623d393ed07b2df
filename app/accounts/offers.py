"""Offers of a role: by mail address, with a link, and nobody's role before the person accepts it.

The link works for two weeks, and once. It signs nobody in: who accepts is signed in with the very address that the
offer went to; who only declines needs no account. Nobody offers a role to themselves.
"""

import hmac
from dataclasses import replace
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.accounts import team
from app.accounts.models import Membership, Person, RoleOffer
from app.accounts.people import email_address, find_person, interface_language
from app.accounts.private_consultations import why_private
from app.accounts.roles import TOPICAL, check_role
from app.accounts.tokens import sealed
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.permissions import Actor, Thing, require

LASTS = timedelta(days=14)
MOST_WAITING = 200  # offers of one consultation

State = Literal["good", "accepted", "declined", "taken_back", "expired", "unknown"]
_WAITS = N_("This role is offered to this address already. To send the mail again, take that offer back first.")


def link_path(offer: UUID) -> str:
    """The path of an offer's link. GET shows what the role means; only POST answers."""
    return f"/role/{offer}/{_token(offer)}"


async def offer(
    session: AsyncSession, actor: Actor, consultation: UUID, email: str, role: str, topic: UUID | None = None,
    language: str | None = None,
) -> RoleOffer:  # fmt: skip
    """Offer a role in a consultation, or in one topic of it, to who has this address; the worker sends the mail.

    Raises Unauthenticated, Forbidden, and Invalid: for what is no address or no role, for oneself, for a role that its
    holder has already, or that waits for an answer.
    """
    require(actor, "role.grant", Thing(consultation))
    check_role(role)
    if role == "participant" and await why_private(session, consultation) is None:
        raise errors.Invalid({"role": _("Everybody can take part here: nobody has to be invited.")})
    if topic is not None and role not in TOPICAL:
        raise errors.Invalid({"topic": _("This role is for the whole consultation: choose no topic.")})
    address = email_address(email)
    person = await find_person(session, address)
    if person is not None and person == actor.person:
        raise errors.Invalid({"email": _("Nobody gives a role to themselves: another organiser can.")})
    if person is not None and await _holds(session, person, consultation, role, topic):
        raise errors.Invalid({"email": _("This person holds this role already.")})
    await _require_room(session, consultation)
    row = RoleOffer(
        id=clock.new_id(), consultation_id=consultation, topic_id=topic, role=role, email=address,
        language=interface_language(language), offered=clock.now(), offered_by=actor.person,
        expires=clock.now() + LASTS,
    )  # fmt: skip
    await _insert(session, row)
    await record.append(session, None, "role.offered", row.id, role=role, consultation=consultation, topic=topic)
    return row


async def take_back(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> None:
    """Offer it no longer; its link stops working. Raises Unauthenticated, Forbidden, NotFound, Conflict."""
    require(actor, "role.grant", Thing(consultation))
    row = await session.get(RoleOffer, id, with_for_update=True, populate_existing=True)
    if row is None or row.consultation_id != consultation:
        raise errors.NotFound(_("There is no such offer."))
    if row.outcome is not None:
        raise errors.Conflict(_("This offer is answered already."))
    row.email = None
    await _settle(session, row, "taken_back")
    await record.append(session, None, "role.withdrawn", id, role=row.role, consultation=consultation)


async def accept(session: AsyncSession, actor: Actor, id: UUID, token: str, listing: str) -> Membership:
    """Take the role on, and be named in public as one of `team.LISTINGS` says.

    Raises NotFound for what is no link, Gone where it was used or is over, Unauthenticated, Invalid; Forbidden for
    anybody but who has the address, and who has no name yet or is suspended.
    """
    row = await _open(session, id, token)
    invited = replace(actor, shut_out=actor.shut_out - {row.consultation_id})  # they are, by this very offer
    require(invited, "role.accept", Thing(row.consultation_id))
    person = await session.get_one(Person, actor.person)
    if person.email != row.email:
        raise errors.Forbidden(_("This role was offered to another address than the one you are signed in with."))
    listing = "none" if row.role == "participant" else listing  # only who is at work here is listed
    team.require_listing(person, listing)
    held = await _membership(session, row, person)
    row.email = None
    await _settle(session, row, "accepted")
    await team.publish(session, held, person, listing)
    await record.append(
        session, None, "role.granted", held.id,
        person=person.id, role=held.role, consultation=held.consultation_id, topic=held.topic_id,
    )  # fmt: skip
    return held


async def decline(session: AsyncSession, id: UUID, token: str) -> None:
    """Not take it on. Who holds the link needs no account. Raises NotFound, Gone."""
    row = await _open(session, id, token)
    await _settle(session, row, "declined")
    await record.append(session, None, "role.declined", id, role=row.role, consultation=row.consultation_id)


def state_of(id: UUID, token: str, row: RoleOffer | None) -> State:
    """What opening a link would do, for this offer or where it is there no more."""
    if row is None or not hmac.compare_digest(token.encode(errors="replace"), _token(id).encode()):
        return "unknown"
    if row.outcome is not None:
        return row.outcome  # type: ignore[return-value]  # as the table checks
    return "good" if row.expires > clock.now() and row.email is not None else "expired"


async def forget_addresses(session: AsyncSession) -> None:
    """Delete the addresses of offers that are over, whatever came of them."""
    over = update(RoleOffer).where(RoleOffer.email.is_not(None), RoleOffer.expires <= clock.now())
    await session.execute(over.values(email=None))


async def _open(session: AsyncSession, id: UUID, token: str) -> RoleOffer:
    row = await session.get(RoleOffer, id, with_for_update=True, populate_existing=True)
    state = state_of(id, token, row)
    if row is None or state == "unknown":
        raise errors.NotFound(_("There is no such link."))
    if state != "good":
        raise errors.Gone(_("This link is over."))
    return row


async def _require_room(session: AsyncSession, consultation: UUID) -> None:
    waits = (RoleOffer.outcome.is_(None), RoleOffer.expires > clock.now())
    count = select(func.count()).where(RoleOffer.consultation_id == consultation, *waits)
    if int(await session.scalar(count) or 0) >= MOST_WAITING:
        said = _("%(most)s offers wait for an answer, which is the most: take one back first.", most=MOST_WAITING)
        raise errors.Invalid({"email": said})


async def _insert(session: AsyncSession, row: RoleOffer) -> None:
    """Write the offer down, in the place of one that is over. Raises Invalid where one like it waits."""
    same = (
        RoleOffer.consultation_id == row.consultation_id, RoleOffer.email == row.email, RoleOffer.role == row.role,
        RoleOffer.topic_id.is_not_distinct_from(row.topic_id), RoleOffer.outcome.is_(None),
    )  # fmt: skip
    await session.execute(delete(RoleOffer).where(*same, RoleOffer.expires <= clock.now()))
    columns = ("id", "consultation_id", "topic_id", "role", "email", "language", "offered", "offered_by", "expires")
    values = {name: getattr(row, name) for name in columns}
    insert = upsert(RoleOffer).values(values).on_conflict_do_nothing().returning(RoleOffer.id)
    if await session.scalar(insert) is None:
        raise errors.Invalid({"email": _(_WAITS)})


async def _membership(session: AsyncSession, row: RoleOffer, person: Person) -> Membership:
    """The role, or the one like it that they were given meanwhile."""
    values = {
        "id": clock.new_id(), "person_id": person.id, "consultation_id": row.consultation_id,
        "topic_id": row.topic_id, "role": row.role, "since": clock.now(), "granted_by": row.offered_by,
    }  # fmt: skip
    await session.execute(upsert(Membership).values(values).on_conflict_do_nothing())
    query = select(Membership).where(
        Membership.person_id == person.id, Membership.consultation_id == row.consultation_id,
        Membership.role == row.role, Membership.topic_id.is_not_distinct_from(row.topic_id),
        Membership.ended.is_(None),
    )  # fmt: skip
    return (await session.scalars(query)).one()


async def _holds(session: AsyncSession, person: UUID, consultation: UUID, role: str, topic: UUID | None) -> bool:
    """Whether they hold it: for the whole consultation, or for this topic."""
    there = or_(Membership.topic_id.is_(None), Membership.topic_id == topic)
    query = select(Membership.id).where(
        Membership.person_id == person, Membership.consultation_id == consultation, Membership.role == role, there,
        Membership.ended.is_(None),
    )  # fmt: skip
    return await session.scalar(query.limit(1)) is not None


async def _settle(session: AsyncSession, row: RoleOffer, outcome: str) -> None:
    row.outcome, row.settled = outcome, clock.now()
    await session.flush()


def _token(offer: UUID) -> str:
    return sealed("role link", offer.bytes).hex()
