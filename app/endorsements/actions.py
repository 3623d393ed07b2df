"""Support for what others wrote, given once by each person and taken back at will. Nobody is told whose it is.

Whoever has a confirmed mandate gives theirs for their organisation, if they choose: it is then named, once for each
contribution. The person is counted as one either way.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.accounts import aliases
from app.accounts.byline import signature_of
from app.accounts.vocabulary import CAPACITIES
from app.contributions import publishing
from app.contributions.acting import to_act_on
from app.contributions.states import in_words
from app.contributions.transcripts import is_transcript
from app.endorsements.keeping import organisations_of
from app.endorsements.models import Endorsement
from app.language import gettext as _
from app.permissions import Actor

if TYPE_CHECKING:
    from app.contributions.models import Contribution

GIVEN, TAKEN_BACK = "endorsement.given", "endorsement.taken_back"
_ORGANISATION = (
    "organisation_id", "organisation_name", "organisation_kind", "organisation_country", "organisation_region",
)  # fmt: skip
_NONE: dict[str, Any] = dict.fromkeys(_ORGANISATION)


async def endorse(session: AsyncSession, actor: Actor, contribution_id: UUID, capacity: str | None = None) -> None:
    """Support a contribution, personally or for one's organisation; a second time in this capacity changes nothing.

    Without a capacity it is personal, and what was given before stays. Raises NotFound, Forbidden (for one's own text
    and without a confirmed mandate, too), Invalid, Closed; Conflict for what is not public, and where the organisation
    has endorsed it already.
    """
    contribution, floor, owner = await to_act_on(session, actor, "contribution.endorse", contribution_id)
    _require_known(capacity)
    if owner == actor.person and not is_transcript(contribution.provenance):
        raise errors.Forbidden(_("This is your own text: endorsing is for what others wrote."))
    if contribution.status != "published":
        raise errors.Conflict(
            _(
                "This contribution is %(status)s; only what is public can be endorsed.",
                status=in_words(contribution.status),
            )
        )
    floor.require_open()
    organisation = await _to_name(session, actor, contribution) if capacity == "organisation" else _NONE
    before = await _found(session, contribution, Endorsement.person_id == actor.person)
    if before is None:
        await _give(session, actor, contribution, organisation)
    elif capacity is not None and before.organisation_id != organisation["organisation_id"]:
        await _change(session, contribution, before, organisation)


async def take_back(session: AsyncSession, actor: Actor, contribution_id: UUID, capacity: str | None = None) -> None:
    """Support it no longer; where one did not, nothing changes.

    With the capacity `organisation` only the organisation's name goes, whoever of it gave it: the support of that
    person stays, without it. Raises NotFound, Forbidden, Invalid.
    """
    contribution, _floor, _owner = await to_act_on(session, actor, "contribution.endorse", contribution_id)
    _require_known(capacity)
    own = await _found(session, contribution, Endorsement.person_id == actor.person)
    if capacity == "organisation":
        named = own if own is not None and own.organisation_id else await _colleagues(session, actor, contribution)
        if named is not None:
            await _change(session, contribution, named, _NONE)
    elif own is not None:
        await session.execute(delete(Endorsement).where(Endorsement.id == own.id))
        await _show(session, contribution, TAKEN_BACK, -1, own.organisation_id)


async def _to_name(session: AsyncSession, actor: Actor, contribution: "Contribution") -> dict[str, Any]:
    """The columns that name the organisation for which one may endorse this, at this moment."""
    organisation = await _spoken_for(session, actor)
    id = organisation["organisation_id"]
    text = await publishing.public_revision(session, contribution.id)
    same = await aliases.same_as(session, contribution.consultation_id, id)  # under whichever name
    if text is not None and text.organisation_id in same:  # of a byline that withholds it there is none
        raise errors.Forbidden(_("This is your organisation’s own text: endorsing is for what others wrote."))
    given = await _found(session, contribution, Endorsement.organisation_id.in_(same), first=actor.person)
    if given is not None and given.person_id != actor.person:
        name = given.organisation_name
        raise errors.Conflict(_("%(name)s has endorsed it already. You can endorse it personally.", name=name))
    return organisation


async def _spoken_for(session: AsyncSession, actor: Actor) -> dict[str, Any]:
    """The columns that name the actor's organisation. Raises Forbidden for a mandate that is not confirmed, and Invalid
    where there is no organisation."""
    assert actor.person is not None  # `to_act_on` has required a participant
    signature = await signature_of(session, actor.person, "organisation")
    if signature.mandate != "confirmed":
        raise errors.Forbidden(
            _("Your mandate for this organisation is not confirmed: endorse personally, or ask the organisers first.")
        )
    return {name: getattr(signature, name) for name in _ORGANISATION}


async def _colleagues(session: AsyncSession, actor: Actor, contribution: "Contribution") -> Any:
    """What somebody gave for the actor's organisation; None where nobody did."""
    id = (await _spoken_for(session, actor))["organisation_id"]
    same = await aliases.same_as(session, contribution.consultation_id, id)
    return await _found(session, contribution, Endorsement.organisation_id.in_(same))


async def _found(
    session: AsyncSession, contribution: "Contribution", which: ColumnElement[bool], first: UUID | None = None
) -> Any:
    """One of the endorsements of which this is so: that of the person `first`, where theirs is among them."""
    columns = (
        Endorsement.id, Endorsement.person_id, Endorsement.organisation_id, Endorsement.organisation_name,
    )  # fmt: skip
    query = select(*columns).where(Endorsement.contribution_id == contribution.id, which)
    order = (Endorsement.person_id.is_not_distinct_from(first).desc(), Endorsement.id)
    return (await session.execute(query.order_by(*order).limit(1))).one_or_none()


async def _give(
    session: AsyncSession, actor: Actor, contribution: "Contribution", organisation: dict[str, Any]
) -> None:
    session.add(
        Endorsement(
            consultation_id=contribution.consultation_id, contribution_id=contribution.id, person_id=actor.person,
            **organisation,
        )
    )  # fmt: skip
    await session.flush()
    await _show(session, contribution, GIVEN, +1, organisation["organisation_id"])


async def _change(
    session: AsyncSession, contribution: "Contribution", before: Any, organisation: dict[str, Any]
) -> None:
    """Another capacity of the same support. Raises Conflict where it would take another organisation's name away."""
    id = organisation["organisation_id"]
    if id and before.organisation_id:
        name = before.organisation_name
        raise errors.Conflict(_("You have endorsed it for %(name)s: take that back first.", name=name))
    changed = update(Endorsement).where(Endorsement.id == before.id).values(**organisation, given=clock.now())
    await session.execute(changed.execution_options(synchronize_session=False))
    await _show(session, contribution, GIVEN if id else TAKEN_BACK, 0, id or before.organisation_id)


async def _show(
    session: AsyncSession, contribution: "Contribution", kind: str, people: int, organisation: UUID | None
) -> None:
    named = await organisations_of(session, contribution.id) if organisation else None
    await publishing.show_support(session, contribution, kind, people, organisation, named)


def _require_known(capacity: str | None) -> None:
    if capacity is not None and capacity not in CAPACITIES:
        raise errors.Invalid({"capacity": _("The capacity is one of %(choice)s.", choice=", ".join(CAPACITIES))})
