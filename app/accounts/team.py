"""Roles that are held: laid down, taken back, and named in public as far as their holders agree.

What the public reads of it is a table of its own, so that no reader needs to see who holds what. A consultation keeps
one organiser: its last can neither leave nor be removed. Organisers' rows are locked before anything else.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.accounts.mandates import checked
from app.accounts.models import Membership, Person, RoleOffer, TeamMember
from app.accounts.suspensions import ROLE as SUSPENDED
from app.language import gettext as _
from app.permissions import Actor, Thing, require

LISTINGS = ("full", "organisation", "none")


async def leave(session: AsyncSession, actor: Actor, id: UUID) -> None:
    """Lay a role of one's own down. Raises Unauthenticated, NotFound; Conflict for the last organiser."""
    row = await _mine(session, actor, "role.leave", id)
    await end(session, row, by=actor.person)


async def revoke(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, reason: str | None = None) -> None:
    """Take a role back, with a reason or without; its holder is told.

    Raises Unauthenticated, Forbidden (of one's own, too), NotFound, Invalid; Conflict for the last organiser.
    """
    require(actor, "role.grant", Thing(consultation))
    row = await session.get(Membership, id)
    if row is None or row.consultation_id != consultation or row.role == SUSPENDED:
        raise errors.NotFound(_("Nobody holds this role any more."))
    require(actor, "role.grant", Thing(consultation, owner=row.person_id))
    await end(session, row, by=actor.person, reason=checked("reason", reason))


async def list_as(session: AsyncSession, actor: Actor, id: UUID, listing: str) -> None:
    """Be named in public as one of LISTINGS says, with name and organisation as they are in the profile now.

    Raises Unauthenticated, NotFound, Invalid.
    """
    row = await _mine(session, actor, "role.list", id)
    if row.role == "participant" and listing != "none":
        raise errors.Invalid({"listing": _("Only who is at work in a consultation is listed.")})
    person = await session.get_one(Person, row.person_id)
    require_listing(person, listing)
    await publish(session, row, person, listing)


async def end(session: AsyncSession, row: Membership, *, by: UUID | None, reason: str | None = None) -> None:
    """End a role that is held. Raises NotFound where it ended meanwhile, Conflict for the last organiser."""
    if row.role == "organiser" and await _is_alone(session, row):
        raise _no_other()
    await session.refresh(row, with_for_update=True)
    if row.ended is not None:
        raise errors.NotFound(_("Nobody holds this role any more."))
    row.ended, row.ended_by, row.reason = clock.now(), by, reason
    await session.flush()
    await _withdraw(session, row)
    await record.append(
        session, None, "role.taken_back", row.id,
        person=row.person_id, role=row.role, consultation=row.consultation_id, topic=row.topic_id,
    )  # fmt: skip


async def end_all_of(session: AsyncSession, person: UUID, email: str | None) -> None:
    """Somebody closes their account: their roles end, nothing names them, and what was offered to them is gone."""
    listed = select(TeamMember.consultation_id).join(Membership, Membership.id == TeamMember.membership_id)
    shown = set(await session.scalars(listed.where(Membership.person_id == person)))
    its = select(Membership.id).where(Membership.person_id == person)
    await session.execute(delete(TeamMember).where(TeamMember.membership_id.in_(its)))
    mine = update(Membership).where(Membership.person_id == person)
    await session.execute(mine.where(Membership.ended.is_(None)).values(ended=clock.now()))
    await session.execute(mine.values(reason=None))
    await session.execute(delete(RoleOffer).where(RoleOffer.email == email))
    await session.execute(update(RoleOffer).where(RoleOffer.offered_by == person).values(offered_by=None))
    for consultation in sorted(shown):
        await _tell_public(session, consultation)


async def require_not_last(session: AsyncSession, person: UUID) -> None:
    """Raises Conflict where a consultation would be left without an organiser. Locks all organisers' rows there."""
    if await alone_in(session, person):
        raise _no_other()


async def alone_in(session: AsyncSession, person: UUID) -> Sequence[UUID]:
    """The consultations of which somebody is the only organiser. Locks all organisers' rows where they are one."""
    query = select(Membership).where(Membership.person_id == person, Membership.role == "organiser")
    held = await session.scalars(query.where(Membership.ended.is_(None)).order_by(Membership.consultation_id))
    return [row.consultation_id for row in held.all() if await _is_alone(session, row)]


async def publish(session: AsyncSession, row: Membership, person: Person, listing: str) -> None:
    """Name a holder in public as they agreed. What was public before gives way."""
    shown = listing != "none"
    name = person.name if listing == "full" else None
    before = await session.get(TeamMember, row.id)
    if not shown:
        await _withdraw(session, row)
        return
    if before is not None and (before.name, before.organisation) == (name, person.organisation_name):
        return
    if before is None:
        before = TeamMember(membership_id=row.id, consultation_id=row.consultation_id)
        session.add(before)
    before.topic_id, before.role, before.since = row.topic_id, row.role, row.since
    before.name, before.organisation = name, person.organisation_name
    await session.flush()
    await _tell_public(session, row.consultation_id)


def require_listing(person: Person, listing: str) -> None:
    """Raises Invalid for what is none of LISTINGS, and for an organisation where the profile names none."""
    if listing not in LISTINGS:
        raise errors.Invalid({"listing": _("Please choose how you want to be listed.")})
    if listing == "organisation" and not person.organisation_name:
        raise errors.Invalid({"listing": _("Your profile names no organisation: add it there, or choose another way.")})


async def _mine(session: AsyncSession, actor: Actor, act: str, id: UUID) -> Membership:
    require(actor, act, Thing(owner=actor.person))
    row = await session.get(Membership, id)
    if row is None or row.person_id != actor.person or row.ended is not None or row.role == SUSPENDED:
        raise errors.NotFound(_("You do not hold this role (any more)."))
    return row


async def _is_alone(session: AsyncSession, row: Membership) -> bool:
    """Whether nobody else organises there. All are locked in one order, so that of two who leave at once one stays."""
    query = (
        select(Membership.person_id)
        .where(
            Membership.consultation_id == row.consultation_id, Membership.role == "organiser",
            Membership.ended.is_(None),
        )
        .order_by(Membership.id)
        .with_for_update()
    )  # fmt: skip
    return set(await session.scalars(query)) == {row.person_id}


def _no_other() -> errors.Conflict:
    return errors.Conflict(_("This consultation has no other organiser. Appoint another organiser first."))


async def _withdraw(session: AsyncSession, row: Membership) -> None:
    gone = delete(TeamMember).where(TeamMember.membership_id == row.id).returning(TeamMember.membership_id)
    if await session.scalar(gone.execution_options(synchronize_session="fetch")) is not None:
        await _tell_public(session, row.consultation_id)


async def _tell_public(session: AsyncSession, consultation: UUID) -> None:
    await record.append(session, consultation, "consultation.updated", consultation, changed=["team"])
