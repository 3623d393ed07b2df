"""What is done with accounts. Each verb: require, change, append to the record, return. None commits.

Signing in is in `sign_in.py`, signing out in `sessions.py`.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.accounts import aliases, keys, mandates, profile_form, team, tokens
from app.accounts.models import Challenge, Idempotency, Key, Membership, Person, Session
from app.accounts.organisations import organisation_id
from app.accounts.people import find_or_register, find_person
from app.accounts.profile_form import ProfileForm
from app.accounts.roles import check_role
from app.language import gettext as _
from app.permissions import Actor, Thing, require


async def complete_profile(session: AsyncSession, actor: Actor, form: ProfileForm, consents: bool) -> None:
    """What the first sign-in asks for: a name (and whatever else was filled in) and consent to the privacy note.

    Raises Invalid with a sentence for each field, `consent` among them.
    """
    await _write_profile(session, actor, form, consents)


async def change_profile(session: AsyncSession, actor: Actor, form: ProfileForm) -> None:
    """Replace one's profile by what the form says. Raises Invalid with a sentence for each field."""
    await _write_profile(session, actor, form, consents=False)


async def make_key(
    session: AsyncSession, actor: Actor, person: UUID, name: str, scopes: Collection[str], expires: date | None = None
) -> tuple[Key, str]:
    """A new API key for a person, good until the end of the day `expires` (default: a year).

    Returns its row and the key itself, to be shown once. Raises Invalid, Conflict.
    """
    require(actor, "key.make", Thing(owner=person))
    name, allowed, last = keys.checked(actor, name, scopes, expires)
    if await keys.count_of(session, person) >= keys.MOST:
        raise errors.Conflict(_("%(most)s keys are in use, which is the most: revoke one first.", most=keys.MOST))
    secret, prefix = tokens.fresh_key()
    key = Key(
        id=clock.new_id(), person_id=person, name=name, prefix=prefix, key_hash=tokens.hash_of(secret), scopes=allowed,
        created=clock.now(), expires=last,
    )  # fmt: skip
    session.add(key)
    await session.flush()
    await record.append(session, None, "key.made", key.id, person=person, scopes=allowed)
    return key, secret


async def revoke_key(session: AsyncSession, actor: Actor, key_id: UUID) -> None:
    """End a key for good. Raises NotFound for what is not one of the actor's keys; a second time changes nothing."""
    owner = await session.scalar(select(Key.person_id).where(Key.id == key_id))
    if owner is None or not (actor.operator or owner == actor.person):
        raise errors.NotFound(_("There is no such key."))
    require(actor, "key.revoke", Thing(owner=owner))
    row = update(Key).where(Key.id == key_id, Key.revoked.is_(None)).values(revoked=clock.now()).returning(Key.id)
    if await session.scalar(row):
        await record.append(session, None, "key.revoked", key_id, person=owner)


async def grant_role(session: AsyncSession, actor: Actor, email: str, role: str, consultation_id: UUID) -> UUID:
    """Give somebody a role in a consultation, and an account where they have none. Returns the person.

    A role that is held already stays as it is. Raises Invalid for what is no address or no role, Forbidden for oneself.
    """
    require(actor, "role.grant", Thing(consultation_id))
    check_role(role)
    person, _new = await find_or_register(session, email)
    require(actor, "role.grant", Thing(consultation_id, owner=person))
    await _give_role(session, actor, person, role, consultation_id)
    return person


async def give_founder(session: AsyncSession, actor: Actor, consultation_id: UUID) -> None:
    """Whoever made a consultation is its first organiser: nobody else is there to appoint them. A part of making it."""
    require(actor, "consultation.create", Thing())
    if actor.person is not None:
        await _give_role(session, actor, actor.person, "organiser", consultation_id)


async def take_role_back(session: AsyncSession, actor: Actor, email: str, role: str, consultation_id: UUID) -> UUID:
    """End somebody's role in a consultation and in all its topics. Returns the person.

    Raises NotFound where they do not hold it, Invalid, and Conflict for the last organiser.
    """
    require(actor, "role.grant", Thing(consultation_id))
    check_role(role)
    person = await find_person(session, email)
    held = select(Membership).where(
        Membership.person_id == person, Membership.consultation_id == consultation_id, Membership.role == role,
        Membership.ended.is_(None),
    )  # fmt: skip
    rows = (await session.scalars(held.order_by(Membership.id))).all()
    if person is None or not rows:
        raise errors.NotFound(_("Nobody with this address is %(role)s here.", role=role))
    for row in rows:
        await team.end(session, row, by=actor.person)
    return person


async def erase_account(session: AsyncSession, actor: Actor, person: UUID) -> None:
    """Empty a person's row and end all they could act with. What they wrote is not touched here: erase that first.

    Raises NotFound where there is no such person; Conflict for the last organiser of a consultation, unless it is the
    operator who erases. A second time changes nothing.
    """
    require(actor, "account.erase", Thing(owner=person))
    if not actor.operator:
        await team.require_not_last(session, person)
    row = await session.get(Person, person, with_for_update=True, populate_existing=True)
    if row is None:
        raise errors.NotFound(_("There is no such person."))
    if row.erased is not None:
        return
    await session.execute(delete(Challenge).where(Challenge.email == row.email))
    for table in (Session, Key, Idempotency):
        await session.execute(delete(table).where(table.person_id == person))
    await mandates.forget_person(session, person)
    await aliases.forget_person(session, person)
    await team.end_all_of(session, person, row.email)
    row.email = row.name = row.mandate = row.byline = row.consented = None
    row.organisation_id = row.organisation_name = row.organisation_kind = None
    row.organisation_country = row.organisation_region = row.organisation_website = None
    row.capacity, row.language, row.time_zone, row.erased = "personal", "en", "UTC", clock.now()
    await session.flush()
    await record.append(session, None, "account.erased", person, person=person)


async def _write_profile(session: AsyncSession, actor: Actor, form: ProfileForm, consents: bool) -> None:
    require(actor, "profile.change", Thing(owner=actor.person))
    person = await session.get(Person, actor.person, with_for_update={"key_share": True}, populate_existing=True)
    if person is None or person.erased is not None:
        raise errors.NotFound(_("There is no such person."))
    clean = profile_form.checked(form, consented=consents or person.consented is not None)
    organisation = organisation_id(clean.organisation) if clean.organisation else None
    same = (person.organisation_id, person.organisation_kind, person.organisation_country) == (
        organisation, clean.organisation_kind, clean.organisation_country
    )  # fmt: skip
    claims = organisation is not None and (clean.claims_mandate or clean.capacity == "organisation")
    if not (same and claims):
        await mandates.lapse(session, person.id)
    # A confirmed mandate stays while the organisation is said to be the same. Writing on its behalf claims one.
    person.mandate = ("confirmed" if same and person.mandate == "confirmed" else "claimed") if claims else None
    person.organisation_id, person.organisation_name = organisation, clean.organisation
    person.organisation_kind, person.organisation_website = clean.organisation_kind, clean.organisation_website
    person.organisation_country, person.organisation_region = clean.organisation_country, clean.organisation_region
    person.name, person.language, person.time_zone = clean.name, clean.language, clean.time_zone
    person.capacity, person.byline = clean.capacity, clean.byline
    person.consented = person.consented or clock.now()
    await session.flush()
    await record.append(session, None, "profile.changed", person.id, person=person.id)


async def _give_role(session: AsyncSession, actor: Actor, person: UUID, role: str, consultation_id: UUID) -> None:
    row = {
        "id": clock.new_id(), "person_id": person, "consultation_id": consultation_id, "role": role,
        "since": clock.now(), "granted_by": actor.person,
    }  # fmt: skip
    insert = upsert(Membership).values(row).on_conflict_do_nothing().returning(Membership.id)
    if made := await session.scalar(insert):
        await record.append(session, None, "role.granted", made, person=person, role=role, consultation=consultation_id)
