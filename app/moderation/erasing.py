"""Erasure, for every surface: a text goes, and with it what was written about it, which may well quote it.

Of a decision its act, its rule and its hash stay, as in the record; reason, note and salt are destroyed. So are the
notes of flags and, of appeals, the author's words, the reason and its salt. What an
organiser gives as the reason for erasing is about that act and not about the text: it is kept, as a decision that no
public reader sees, and no log holds its words.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, Update, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.accounts import people
from app.consultations import organising
from app.contributions import erasing, leaving, writing
from app.contributions.acting import number_of
from app.endorsements import keeping as endorsements
from app.errors import Conflict
from app.mailed import forgetting as mailed
from app.meetings import erasing as meetings
from app.meetings.keeping import hold_registrations
from app.moderation import inviting, uninviting
from app.moderation.closing import close, open_on
from app.moderation.models import Appeal, Claim, Decision, Flag
from app.moderation.signatures import forget_signatures
from app.outreach import forgetting as outreach
from app.outreach.turn import take_turn as take_turn_of_outreach
from app.permissions import Actor

_ACT = "erase"
_REPORT, _APPEAL = ("note",), ("words", "reason", "salt")  # what is destroyed of them


async def erase(session: AsyncSession, actor: Actor, contribution: UUID, reason: str | None = None) -> None:
    """Destroy all texts of a contribution for good. Raises Invalid where another than its author gives no reason."""
    decision = clock.new_id()
    await _hold(session, contribution)
    erased = await erasing.erase(session, actor, contribution, reason, decision)
    await _forget_grounds(session, Decision.contribution_id == contribution)
    await _forget_reports(session, Flag.contribution_id == contribution)
    await _forget_appeals(session, Appeal.contribution_id == contribution)
    await close(session, await open_on(session, (contribution,)), "moot")
    await session.execute(delete(Claim).where(Claim.contribution_id == contribution))
    await meetings.forget_texts(session, [contribution])
    await endorsements.forget_texts(session, [contribution])
    await uninviting.forget_texts(session, [contribution])
    await mailed.forget_texts(session, [contribution])
    if erased.reason is not None:
        consultation = erased.contribution.consultation_id
        session.add(
            Decision(
                id=decision, consultation_id=consultation, contribution_id=contribution, act=_ACT,
                reason=erased.reason, decided_by=actor.person,
            )
        )  # fmt: skip
        await session.flush()


async def erase_revision(session: AsyncSession, actor: Actor, contribution: UUID, number: int) -> None:
    """Destroy one earlier revision for good. Raises Conflict for the text as it stands: withdraw or erase the whole."""
    await _hold(session, contribution)
    revision = await erasing.erase_revision(session, actor, contribution, number)
    await mailed.forget_texts(session, [contribution])
    if revision is not None:
        about = Decision.revision_id == revision
        await _forget_grounds(session, about)
        await _forget_reports(session, Flag.revision_id == revision)
        await uninviting.forget_revisions(session, [revision])
        await _forget_appeals(session, Appeal.decision_id.in_(select(Decision.id).where(about)))


async def repeat_of_revision(session: AsyncSession, actor: Actor, contribution: UUID, revision: UUID, why: str) -> None:
    """Erase a revision again, in an older state of the database.

    There it may be the current text: then all of it goes, as nothing else is known.
    """
    try:
        await erase_revision(session, actor, contribution, await number_of(session, revision))
    except Conflict:
        await erase(session, actor, contribution, why)


async def erase_all_by(session: AsyncSession, actor: Actor, person: UUID) -> int:
    """Erase every text of a person who leaves, drafts too, and what they wrote to moderators.

    Returns how many texts there were. Raises Forbidden.
    """
    await _hold_all(session, actor, person)
    left = await leaving.erase_all_by(session, actor, person)
    await _forget_grounds(session, Decision.contribution_id.in_(left.erased))
    await _forget_reports(session, Flag.contribution_id.in_(left.erased))
    await _forget_appeals(session, Appeal.contribution_id.in_(left.erased))
    await _forget_grounds(session, _about_translations(left.translated))
    await _forget_asker(session, person)
    await forget_signatures(session, person)
    await _let_go(session, person, left.erased)
    await _forget_elsewhere(session, person, left.erased)
    return len(left.erased)


async def keep_all_anonymous(session: AsyncSession, actor: Actor, person: UUID) -> int:
    """Keep what a person who leaves published, signed by nobody; erase what never was public, drafts, and what they
    wrote to moderators.

    Returns how many texts stay. Raises Forbidden.
    """
    await _hold_all(session, actor, person)
    left = await leaving.keep_all_anonymous(session, actor, person)
    gone = or_(Decision.contribution_id.in_(left.erased), Decision.revision_id.in_(left.erased_revisions))
    await _forget_grounds(session, or_(gone, _about_translations(left.translated)))
    await _forget_asker(session, person)
    await forget_signatures(session, person)
    await _let_go(session, person, left.erased)
    await _forget_elsewhere(session, person, left.erased)
    return left.kept


async def forget_about_revisions(session: AsyncSession, revisions: Collection[UUID]) -> None:
    """What moderators wrote about texts of which a passage was destroyed: it may well quote it."""
    await _forget_grounds(session, Decision.revision_id.in_(revisions))
    await uninviting.forget_revisions(session, revisions)


async def _hold(session: AsyncSession, contribution: UUID) -> None:
    """Lock a text, then what was asked of moderators about it, before any log is written to."""
    await writing.locked(session, contribution)
    await _lock(session, Flag.contribution_id == contribution, Appeal.contribution_id == contribution)


async def _hold_all(session: AsyncSession, actor: Actor, person: UUID) -> None:
    await mailed.hold_person(session, person)
    await people.hold(session, person)
    texts = await leaving.hold(session, actor, person)
    mine = Flag.person_id == person
    await _lock(session, or_(mine, Flag.contribution_id.in_(texts)), Appeal.contribution_id.in_(texts))
    await hold_registrations(session, person)
    await inviting.take_turn(session)
    await take_turn_of_outreach(session)


async def _lock(session: AsyncSession, flags: ColumnElement[bool], appeals: ColumnElement[bool]) -> None:
    await session.execute(select(Flag.id).where(flags).order_by(Flag.id).with_for_update())
    await session.execute(select(Appeal.id).where(appeals).order_by(Appeal.id).with_for_update())


async def _forget_asker(session: AsyncSession, person: UUID) -> None:
    """What somebody who leaves wrote to moderators goes; that something was reported, or appealed, stays.

    Each row is written once: where it was written twice, the database would lock the text of others that it is about,
    with the logs already taken.
    """
    for table, words in ((Flag, _REPORT), (Appeal, _APPEAL)):
        mine = update(table).where(table.person_id == person)
        await session.execute(_fetching(mine.values(person_id=None, **dict.fromkeys(words))))


async def _forget_elsewhere(session: AsyncSession, person: UUID, erased: Collection[UUID]) -> None:
    """Meetings, letters, invitations and endorsements, of somebody who leaves and of the texts that go with them."""
    await meetings.forget_texts(session, erased)
    await meetings.forget_person(session, person)
    await organising.forget_person(session, person)
    await endorsements.forget_texts(session, erased)
    await endorsements.forget_person(session, person)
    await uninviting.forget_texts(session, erased)
    await uninviting.forget_people(session, [person])
    await outreach.forget_person(session, person)
    await mailed.forget_texts(session, erased)
    await mailed.forget_person(session, person)


def _about_translations(erased: Mapping[UUID, UUID]) -> ColumnElement[bool]:
    """Decisions about translations, given with the texts that they translated."""
    named = Decision.details["translation"].astext.in_([str(id) for id in erased])
    return and_(Decision.contribution_id.in_(set(erased.values())), named)


async def _forget_reports(session: AsyncSession, which: ColumnElement[bool]) -> None:
    await session.execute(_fetching(update(Flag).where(which).values(dict.fromkeys(_REPORT))))


async def _forget_appeals(session: AsyncSession, which: ColumnElement[bool]) -> None:
    await session.execute(_fetching(update(Appeal).where(which).values(dict.fromkeys(_APPEAL))))


async def _forget_grounds(session: AsyncSession, which: ColumnElement[bool]) -> None:
    forgotten = update(Decision).where(which, Decision.act != _ACT).values(reason=None, note=None, salt=None)
    await session.execute(_fetching(forgotten))


async def _let_go(session: AsyncSession, person: UUID, erased: Collection[UUID]) -> None:
    """Nobody has in hand what is erased, and who leaves has nothing in hand."""
    await session.execute(delete(Claim).where(or_(Claim.person_id == person, Claim.contribution_id.in_(erased))))


def _fetching(forgetting: Update) -> Update:
    return forgetting.execution_options(synchronize_session="fetch")
