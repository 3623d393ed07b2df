"""Mandates: somebody asks organisers to confirm that they speak for their organisation, and one of them answers.

That an address has the domain of a website proves nothing: both are what the person says. An organiser answers for it,
or the organisation itself, at an address that an organiser knows to be its own (see mandate_links.py). Whoever asks is
shown to the organisers of one consultation; of all others these learn nothing.
"""

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record, text
from app.accounts.models import MandateClaim, Person
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.language import number
from app.permissions import Actor, Thing, require

LIMIT = 1_000  # characters of a person's words, and of a reason
BY_ORGANISER, BY_ORGANISATION = "organiser", "organisation"
ACTS = ("confirm", "decline", "end")
_NO_REQUEST = N_("There is no such request: perhaps it was taken back.")


async def ask(session: AsyncSession, actor: Actor, consultation: UUID, words: str | None = None) -> MandateClaim:
    """Ask the organisers of a consultation to confirm one's mandate, with words for them.

    Raises Unauthenticated, Forbidden, Invalid; Conflict where there is nothing to confirm, or one has asked already.
    """
    require(actor, "mandate.ask", Thing(consultation))
    clean = checked("words", words)
    person = await locked(session, actor.person)
    if person.organisation_id is None or person.mandate is None:
        raise errors.Conflict(_("Your profile does not say that you write on behalf of an organisation: say so first."))
    if person.mandate == "confirmed":
        raise errors.Conflict(_("Your mandate is confirmed already."))
    waits = select(MandateClaim.id).where(MandateClaim.person_id == person.id, MandateClaim.decided.is_(None))
    if await session.scalar(waits) is not None:
        raise errors.Conflict(_("You have asked already. To ask somebody else, take that back first."))
    claim = MandateClaim(
        id=clock.new_id(), person_id=person.id, consultation_id=consultation, organisation_id=person.organisation_id,
        organisation_name=person.organisation_name, organisation_kind=person.organisation_kind,
        organisation_country=person.organisation_country, organisation_website=person.organisation_website,
        words=clean, asked=clock.now(),
    )  # fmt: skip
    session.add(claim)
    await session.flush()
    await record.append(session, consultation, "mandate.asked", claim.id, person=person.id)
    return claim


async def take_back(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> None:
    """Ask no longer. Raises Unauthenticated, NotFound for what is not the actor's, Conflict where it was answered."""
    require(actor, "profile.change", Thing(owner=actor.person))
    person = await locked(session, actor.person)
    here = (MandateClaim.id == id, MandateClaim.consultation_id == consultation)
    claim = (await session.scalars(select(MandateClaim).where(*here))).one_or_none()
    if claim is None or claim.person_id != person.id:
        raise errors.NotFound(_(_NO_REQUEST))
    require_open(claim)
    await session.delete(claim)
    await session.flush()
    await record.append(session, consultation, "mandate.taken_back", id, person=person.id)


async def answer(
    session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, act: str, reason: str | None = None
) -> MandateClaim:
    """Do one of ACTS, as its own function says. Raises Invalid for what is none of them."""
    if act not in ACTS:
        raise errors.Invalid({"act": _("The act is one of %(choice)s.", choice=", ".join(ACTS))})
    if act == "confirm":
        return await confirm(session, actor, consultation, id)
    return await (decline if act == "decline" else end)(session, actor, consultation, id, reason)


async def confirm(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> MandateClaim:
    """Answer for it that somebody speaks for the organisation they name; they are told.

    Raises Unauthenticated, Forbidden (of one's own, too), NotFound, and Conflict where it was answered before.
    """
    claim, person = await to_answer(session, actor, consultation, id)
    require_open(claim)
    await settle(session, claim, person, "confirmed", by=actor.person)
    return claim


async def decline(
    session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, reason: str | None
) -> MandateClaim:
    """Not answer for it; they are told why. Raises as `confirm` does, and Invalid without a reason."""
    claim, person = await to_answer(session, actor, consultation, id)
    require_open(claim)
    clean = checked("reason", reason, needed=True)
    await settle(session, claim, person, "declined", by=actor.person, reason=clean)
    return claim


async def end(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, reason: str | None) -> MandateClaim:
    """Answer for it no longer; they are told why. What was signed or endorsed meanwhile stands as it was then.

    Raises as `confirm` does, Invalid without a reason, and Conflict where nothing is confirmed (any more).
    """
    claim, person = await to_answer(session, actor, consultation, id)
    if claim.outcome != "confirmed" or claim.ended is not None:
        raise errors.Conflict(_("This mandate is not confirmed, or not any more."))
    claim.reason = checked("reason", reason, needed=True)
    claim.ended, claim.ended_by = clock.now(), actor.person
    person.mandate = "claimed"
    await session.flush()
    await record.append(session, consultation, "mandate.ended", claim.id, person=person.id)
    return claim


async def lapse(session: AsyncSession, person: UUID) -> None:
    """The organisation is another, or nobody is spoken for any more: what was asked and confirmed before ends."""
    await session.execute(delete(MandateClaim).where(MandateClaim.person_id == person, MandateClaim.decided.is_(None)))
    holds = (MandateClaim.person_id == person, MandateClaim.outcome == "confirmed", MandateClaim.ended.is_(None))
    await session.execute(update(MandateClaim).where(*holds).values(ended=clock.now(), ended_by=person))


async def forget_person(session: AsyncSession, person: UUID) -> None:
    """Delete what somebody who leaves asked for; what they answered as an organiser stays, without their id."""
    await session.execute(delete(MandateClaim).where(MandateClaim.person_id == person))
    for column in (MandateClaim.decided_by, MandateClaim.ended_by):
        await session.execute(update(MandateClaim).where(column == person).values({column: None}))


async def to_answer(
    session: AsyncSession, actor: Actor, consultation: UUID, id: UUID
) -> tuple[MandateClaim, Person]:  # fmt: skip
    """The claim, and who made it: locked in the order in which a change of profile locks them."""
    require(actor, "mandate.confirm", Thing(consultation))
    here = (MandateClaim.id == id, MandateClaim.consultation_id == consultation)
    owner = await session.scalar(select(MandateClaim.person_id).where(*here))
    if owner is not None:
        require(actor, "mandate.confirm", Thing(consultation, owner=owner))
        person = await locked(session, owner)
        query = select(MandateClaim).where(*here).with_for_update().execution_options(populate_existing=True)
        claim = (await session.scalars(query)).one_or_none()
        if claim is not None:
            return claim, person
    raise errors.NotFound(_(_NO_REQUEST))


async def locked(session: AsyncSession, person: UUID | None) -> Person:
    """The person's row, locked as a change of profile locks it. Raises NotFound for who is gone."""
    row = await session.get(Person, person, with_for_update={"key_share": True}, populate_existing=True)
    if row is None or row.erased is not None:
        raise errors.NotFound(_("There is no such person."))
    return row


def require_open(claim: MandateClaim) -> None:
    """Raises Conflict for a request that has its answer."""
    if claim.decided is not None:
        raise errors.Conflict(_("This request is answered already."))


async def settle(
    session: AsyncSession, claim: MandateClaim, person: Person, outcome: str, *, by: UUID | None,
    reason: str | None = None,
) -> None:  # fmt: skip
    """Write down what was answered: by this organiser or, where there is none, by the organisation itself."""
    claim.outcome, claim.reason, claim.how = outcome, reason, BY_ORGANISER if by else BY_ORGANISATION
    claim.decided, claim.decided_by = clock.now(), by
    claim.email = None
    if outcome == "confirmed":
        person.mandate = "confirmed"
    await session.flush()
    told = {"person": person.id, "how": claim.how}
    await record.append(session, claim.consultation_id, f"mandate.{outcome}", claim.id, **told)


def checked(field: str, value: str | None, *, needed: bool = False) -> str | None:
    """Clean words, or None for none. Raises Invalid."""
    try:
        clean = text.paragraphs(value or "")
    except ValueError as fault:
        raise errors.Invalid({field: _("This %(fault)s.", fault=fault)}) from None
    if needed and not clean:
        raise errors.Invalid({field: _("Please give a reason: whoever asked is told.")})
    if len(clean) > LIMIT:
        said = _("This has %(count)s characters; at most %(most)s fit.", count=number(len(clean)), most=number(LIMIT))
        raise errors.Invalid({field: said})
    return clean or None
