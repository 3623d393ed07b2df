"""What becomes of somebody's texts when they close their account: all erased, or all kept without their name.

So it is with their translations of others' texts, which never bore a name.

Called by `moderation/erasing.py` alone, as all that erases.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import record
from app.consultations.floor import floor_of
from app.contributions import actions, attaching, depositing, erasing, transcripts, translation_steps
from app.contributions.models import Author, Contribution, Draft
from app.contributions.translation_models import STANDING, Translation
from app.permissions import Actor, Thing, require


@dataclass(slots=True)
class Left:
    """What somebody left behind: how many texts are kept, which are erased, and which revisions of those kept; which
    translations of others' texts are erased, of which texts."""

    kept: int = 0
    erased: list[UUID] = field(default_factory=list)
    erased_revisions: list[UUID] = field(default_factory=list)
    translated: dict[UUID, UUID] = field(default_factory=dict)


async def hold(session: AsyncSession, actor: Actor, person: UUID) -> list[UUID]:
    """Lock all texts of a person, and those they translated, before anything that refers to them is; return theirs.

    Raises Forbidden.
    """
    require(actor, "account.erase", Thing(owner=person))
    authors = select(Author.id).where(Author.person_id == person)
    written = select(Contribution.id).where(Contribution.author_id.in_(authors))
    translated = select(Translation.contribution_id).where(Translation.author_id.in_(authors))
    touched = Contribution.id.in_(written.union(translated))  # each by an index: with OR all texts would be read
    await session.execute(
        select(Contribution.id).where(touched).order_by(Contribution.id).with_for_update(key_share=True)
    )
    return [text.id for text in await _locked(session, person)]


async def erase_all_by(session: AsyncSession, actor: Actor, person: UUID) -> Left:
    """Erase every text of a person, drafts too; what they only transcribed in public stays. Raises Forbidden."""
    require(actor, "account.erase", Thing(owner=person))
    await _hold_logs(session, person)
    left = Left()
    for text in await _locked(session, person):
        if await _is_others(session, text):
            left.kept += 1
            continue
        await erasing.erase_whole(session, text)
        left.erased.append(text.id)
    await _erase_translations(session, person, left, all_of_them=True)
    await _forget_author(session, person)
    return left


async def keep_all_anonymous(session: AsyncSession, actor: Actor, person: UUID) -> Left:
    """Keep what a person published, signed by nobody from now on; erase what waits or was never public. Drafts go too.

    Raises Forbidden.
    """
    require(actor, "account.erase", Thing(owner=person))
    left, texts = Left(), await _locked(session, person)
    for text in texts:  # it takes time, and is done before others have to wait for a turn in the record
        if text.number is not None and not transcripts.is_transcript(text.provenance):
            await attaching.lower(session, text.id)
    await _hold_logs(session, person)
    for text in texts:
        if text.number is None:
            await erasing.erase_whole(session, text)
            left.erased.append(text.id)
            continue
        if await _is_others(session, text):
            left.kept += 1
            continue
        await actions.lower_byline(session, actor, text.id, "anonymous")
        left.erased_revisions += await erasing.erase_unpublished(session, text)
        left.kept += 1
    await _erase_translations(session, person, left, all_of_them=False)
    await _forget_author(session, person)
    return left


async def _erase_translations(session: AsyncSession, person: UUID, left: Left, *, all_of_them: bool) -> None:
    """Erase a person's translations of what stays; else only those that are not public."""
    query = (
        select(Translation, Contribution)
        .join(Contribution, Contribution.id == Translation.contribution_id)
        .join(Author, Author.id == Translation.author_id)
        .where(Author.person_id == person)
        .order_by(Contribution.id, Translation.id)
    )
    if not all_of_them:
        query = query.where(Translation.status.not_in(STANDING))
    for row, contribution in (await session.execute(query)).all():
        floor = await floor_of(session, topic=contribution.topic_id)
        await translation_steps.erase(session, contribution, floor, row)
        left.translated[row.id] = contribution.id


async def _is_others(session: AsyncSession, text: Contribution) -> bool:
    """Whether this person only transcribed what others said in public: that stays, without the transcriber's name."""
    if text.number is None or not transcripts.is_transcript(text.provenance):
        return False
    await transcripts.forget_transcriber(session, text, await floor_of(session, topic=text.topic_id))
    return True


async def _locked(session: AsyncSession, person: UUID) -> Sequence[Contribution]:
    """All texts of a person, locked before the first of them takes a turn in the record: so nothing deadlocks."""
    query = (
        select(Contribution)
        .join(Author, Author.id == Contribution.author_id)
        .where(Author.person_id == person)
        .order_by(Contribution.id)
        .with_for_update(key_share=True, of=Contribution)
    )
    return (await session.scalars(query)).all()


async def _hold_logs(session: AsyncSession, person: UUID) -> None:
    """What is done to a text concerns the public log or the staff's, as it stands: both are taken before the first."""
    theirs = select(Author.consultation_id).where(Author.person_id == person)
    await record.hold(session, set(await session.scalars(theirs)))


async def _forget_author(session: AsyncSession, person: UUID) -> None:
    """Cut the last tie: which author ids were this person's."""
    await session.execute(delete(Draft).where(Draft.person_id == person))
    await depositing.forget_person(session, person)
    await session.execute(update(Author).where(Author.person_id == person).values(person_id=None, name=None))
