"""Invitations: a moderator writes to authors through the platform, and learns neither address nor name; and a person
says that they want no such letters.

Whether one letter arrived is not told: a refusal, or too many letters in a week, could tell that two texts are by one
person. For the same reason letters to withheld names have a weekly limit of their own.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record, text
from app.accounts.reachable import reachable
from app.language import gettext as _
from app.language import number
from app.moderation.audience import FEW, Audience, To, audience_of
from app.moderation.deciding import role_of
from app.moderation.models import Invitation, Invited, Refusal
from app.moderation.words import cleaned
from app.permissions import Actor, Thing, require

SUBJECT_LIMIT = 120
PER_DAY = 10  # invitations of one moderator in one consultation
PER_WEEK = 2  # letters to one person, and as many again to what they wrote without their name
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_TURN = 7_526_455  # any number that no other advisory lock of ours has


async def invite(
    session: AsyncSession, actor: Actor, consultation: UUID, to: To, subject: str, words: str, id: UUID | None = None
) -> Invitation:
    """Write to the author of a public contribution, or to all who wrote in a topic or on a guiding question.

    With `id` (a form's) a second sending of the same returns the first. Left out are who is suspended or refuses, who
    had their letters of this week, and the actor. Raises Unauthenticated, Forbidden, NotFound, Invalid, Conflict,
    RateLimited.
    """
    require(actor, "invitation.send", Thing(consultation))
    subject, words = checked(subject, words)
    audience = await audience_of(session, actor, consultation, to)
    await take_turn(session)
    if id is not None and (earlier := await _sent_already(session, actor, consultation, id)):
        return earlier
    await _require_within_limit(session, actor, consultation)
    named = await _may_get_it(session, consultation, audience.named, withheld=False)
    withheld = await _may_get_it(session, consultation, audience.withheld, withheld=True) - named
    made = _written(actor, consultation, audience, len(named), subject, words)
    made.id = id or clock.new_id()
    session.add(made)
    await session.flush()
    rows = [(person, False) for person in named] + [(person, True) for person in withheld]
    if rows:
        given = {"invitation_id": made.id, "sent": made.sent}
        await session.execute(
            insert(Invited), [{**given, "person_id": person, "withheld": apart} for person, apart in sorted(rows)]
        )
    await record.append(
        session, consultation, "invitation.sent", made.id, invitation=made.id, contribution=made.contribution_id,
        topic=made.topic, question=made.question, person=actor.person,
    )  # fmt: skip
    return made


async def refuse(session: AsyncSession, actor: Actor, consultations: Collection[UUID], *, all_letters: bool) -> None:
    """Want no letters from these consultations, or from none at all; from every other they are wanted.

    Raises Unauthenticated, Forbidden, and NotFound for what is no consultation.
    """
    require(actor, "profile.change", Thing(owner=actor.person))
    assert actor.person is not None  # an owner is a person
    await take_turn(session)
    wanted: set[UUID | None] = {*consultations, *((None,) if all_letters else ())}
    mine = select(Refusal.consultation_id).where(Refusal.person_id == actor.person)
    held = set(await session.scalars(mine))
    for each in held - wanted:  # IS NOT DISTINCT FROM: None is all of them
        gone = Refusal.consultation_id.is_not_distinct_from(each)
        await session.execute(delete(Refusal).where(Refusal.person_id == actor.person, gone))
    session.add_all(Refusal(person_id=actor.person, consultation_id=each) for each in wanted - held)
    await session.flush()
    await record.append(session, None, "profile.changed", actor.person, person=actor.person)


async def take_turn(session: AsyncSession) -> None:
    """One at a time until the commit, so that limits hold and nobody who leaves is written to. After contributions,
    before any log."""
    await session.execute(select(func.pg_advisory_xact_lock(_TURN)))


def checked(subject: str, words: str) -> tuple[str, str]:
    """Subject and words as they are stored. Raises Invalid."""
    faults: dict[str, str] = {}
    clean = cleaned("words", words, faults)
    if clean is None and "words" not in faults:
        faults["words"] = _("Please write what you want to say.")
    try:
        subject = text.line(subject)
    except ValueError as fault:
        faults["subject"] = _("This %(fault)s.", fault=fault)
    else:
        if not subject:
            faults["subject"] = _("Please say in a few words what it is about.")
        elif len(subject) > SUBJECT_LIMIT:
            faults["subject"] = _(
                "At most %(most)s characters fit; there are %(count)s.", most=SUBJECT_LIMIT, count=number(len(subject))
            )
    if faults:
        raise errors.Invalid(faults)
    return subject, clean or ""


def _written(
    actor: Actor, consultation: UUID, audience: Audience, reached: int, subject: str, words: str
) -> Invitation:  # fmt: skip
    addressed, to = len(audience.named), audience.to
    many = addressed >= FEW
    return Invitation(
        consultation_id=consultation, contribution_id=to.contribution, revision_id=audience.revision, topic=to.topic,
        question=to.question, subject=subject, words=words, role=role_of(actor, consultation), sent_by=actor.person,
        sent=clock.now(), named=addressed, withheld=audience.withheld_told, reached=reached if many else None,
        not_reached=addressed - reached if many else None,
    )  # fmt: skip


async def _sent_already(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> Invitation | None:
    found = await session.get(Invitation, id)
    if found is not None and (found.sent_by, found.consultation_id) != (actor.person, consultation):
        raise errors.Conflict(_("This form was used before. Please open it again."))
    return found


async def _require_within_limit(session: AsyncSession, actor: Actor, consultation: UUID) -> None:
    mine = (Invitation.sent_by == actor.person) & (Invitation.consultation_id == consultation)
    newest = select(Invitation.sent).where(mine, Invitation.sent > clock.now() - _DAY).order_by(Invitation.sent.desc())
    sent = (await session.scalars(newest.limit(PER_DAY))).all()
    if len(sent) == PER_DAY:
        wait = int((sent[-1] + _DAY - clock.now()).total_seconds()) + 1
        raise errors.RateLimited(
            _(
                "At most %(most)s letters in 24 hours can be sent by one moderator. Please write again later.",
                most=PER_DAY,
            ),
            retry_after=wait,
        )


async def _may_get_it(
    session: AsyncSession, consultation: UUID, people: Collection[UUID], *, withheld: bool
) -> set[UUID]:  # fmt: skip
    """Those who can be written to, do not refuse it, and have not had their letters of this week."""
    refusing = select(Refusal.person_id).where(
        Refusal.person_id.in_(people),
        or_(Refusal.consultation_id == consultation, Refusal.consultation_id.is_(None)),
    )
    had_theirs = (
        select(Invited.person_id)
        .where(Invited.person_id.in_(people), Invited.withheld == withheld, Invited.sent > clock.now() - _WEEK)
        .group_by(Invited.person_id)
        .having(func.count() >= PER_WEEK)
    )
    left_out = set(await session.scalars(refusing.union(had_theirs)))
    return await reachable(session, people, consultation) - left_out
