"""What a moderator does about authors, without learning who they are: warn, suspend, lift. And to learn it: reveal.

All are asked for by a contribution. That a person is meant is in the staff log alone; the public record names only the
decision, and of a name that was looked up not even that.
"""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.accounts import suspensions
from app.accounts.people import name_of
from app.accounts.roles import holders
from app.contributions.states import in_words
from app.language import gettext as _
from app.moderation.acts import ACTS
from app.moderation.deciding import NO_OPTIONS, Grounds, Matter, Options, checked, decided, tell, to_decide
from app.moderation.models import Decision
from app.permissions import Actor, Thing, require


async def warn(session: AsyncSession, actor: Actor, id: UUID, _revision: UUID | None, grounds: Grounds,
               _options: Options = NO_OPTIONS) -> Decision:  # fmt: skip
    """Tell the author that a rule was broken, with a reason; nothing else changes."""
    person, matter = await _about_author(session, actor, id, "warn", "contribution.decide")
    grounds = await checked(session, matter.consultation, "warn", grounds)
    decision = await decided(session, actor, "warn", grounds, matter)
    await record.append(session, matter.consultation, "person.warned", decision.id, person=person, decision=decision.id)
    return decision


async def suspend(session: AsyncSession, actor: Actor, id: UUID, _revision: UUID | None, grounds: Grounds,
                  options: Options = NO_OPTIONS) -> Decision:  # fmt: skip
    """Let the author not take part until a date (`options.until`), with a reason. Raises Invalid, Conflict."""
    person, matter = await _about_author(session, actor, id, "suspend", "author.suspend")
    grounds = await checked(session, matter.consultation, "suspend", grounds)
    until = options.until
    if until is None or until <= clock.now():
        raise errors.Invalid({"until": _("Say until when: a day that is still to come.")})
    await suspensions.begin(session, person, matter.consultation, until, actor.person)
    matter = replace(matter, details={"until": clock.iso(until)})
    decision = await decided(session, actor, "suspend", grounds, matter)
    await record.append(
        session, matter.consultation, "person.suspended", decision.id,
        person=person, until=clock.iso(until), decision=decision.id,
    )  # fmt: skip
    return decision


async def lift(session: AsyncSession, actor: Actor, id: UUID, _revision: UUID | None, grounds: Grounds,
               _options: Options = NO_OPTIONS) -> Decision:  # fmt: skip
    """Let the author take part again, with a reason. Raises Conflict where they are not suspended."""
    person, matter = await _about_author(session, actor, id, "lift", "author.suspend")
    grounds = await checked(session, matter.consultation, "lift", grounds)
    await suspensions.end(session, person, matter.consultation)
    decision = await decided(session, actor, "lift", grounds, matter)
    await record.append(session, matter.consultation, "person.lifted", decision.id, person=person, decision=decision.id)
    return decision


async def reveal(session: AsyncSession, actor: Actor, id: UUID, _revision: UUID | None, grounds: Grounds,
                 _options: Options = NO_OPTIONS) -> Decision:  # fmt: skip
    """Look up who wrote a text whose byline withholds the name: `revealed_name` has it then.

    The author and every organiser are told, with the reason; the public is not.
    """
    person, matter = await _about_author(session, actor, id, "reveal", "contribution.reveal", private=True)
    grounds = await checked(session, matter.consultation, "reveal", grounds)
    decision = await decided(session, actor, "reveal", grounds, matter)
    contribution = matter.contribution
    assert contribution is not None
    await record.append(
        session, matter.consultation, "author.revealed", contribution.id,
        contribution=contribution.id, decision=decision.id, person=actor.person,
    )  # fmt: skip
    for organiser in sorted(await holders(session, matter.consultation, ("organiser",))):
        if organiser not in (actor.person, person):
            await tell(session, decision, organiser)
    return decision


async def revealed_name(session: AsyncSession, actor: Actor, decision: Decision) -> str | None:
    """The name that a `reveal` of this actor's gives; None for anybody else's and any other act."""
    if decision.act != "reveal" or decision.decided_by != actor.person or decision.person_id is None:
        return None
    return await name_of(session, decision.person_id)


async def _about_author(
    session: AsyncSession, actor: Actor, id: UUID, act: str, permission: str, *, private: bool = False
) -> tuple[UUID, Matter]:  # fmt: skip
    """The author's person, and a decision about them. Raises Conflict where nobody with an account wrote it."""
    contribution, person = await to_decide(session, actor, id)
    # Who is suspended is so in the whole consultation: that is not for who moderates one topic of it.
    where = None if permission == "author.suspend" else contribution.topic_id
    require(actor, permission, Thing(contribution.consultation_id, person, topic=where))
    known = ACTS[act].states
    if known and contribution.status not in known:
        raise errors.Conflict(
            _(
                "This contribution is %(status)s, so this cannot be decided on it now.",
                status=in_words(contribution.status),
            )
        )
    if person is None:
        raise errors.Conflict(_("Nobody with an account wrote this: it came by another way, or its author has left."))
    if person == actor.person:
        raise errors.Conflict(_("This is your own text."))
    return person, Matter(contribution.consultation_id, contribution, author=person, person=person, private=private)
