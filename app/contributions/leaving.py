"""What becomes of somebody's texts when they close their account: all erased, or all kept without their name."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions import actions, erasing
from app.contributions.models import Author, Contribution, Draft
from app.permissions import Actor, Thing, require


async def erase_all_by(session: AsyncSession, actor: Actor, person: UUID) -> int:
    """Erase every text of a person, drafts too. Returns how many texts there were. Raises Forbidden."""
    require(actor, "account.erase", Thing(owner=person))
    texts = await _locked(session, person)
    for text in texts:
        await actions.erase(session, actor, text.id)
    await _forget_author(session, person)
    return len(texts)


async def keep_all_anonymous(session: AsyncSession, actor: Actor, person: UUID) -> int:
    """Keep what a person published, signed by nobody from now on; erase what waits or was never public. Drafts go too.

    Returns how many texts stay. Raises Forbidden.
    """
    require(actor, "account.erase", Thing(owner=person))
    kept = 0
    for text in await _locked(session, person):
        if text.number is None:
            await actions.erase(session, actor, text.id)
            continue
        await actions.lower_byline(session, actor, text.id, "anonymous")
        await erasing.destroy_unpublished(session, text)
        kept += text.status != "erased"
    await _forget_author(session, person)
    return kept


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


async def _forget_author(session: AsyncSession, person: UUID) -> None:
    """Cut the last tie: which author ids were this person's."""
    await session.execute(delete(Draft).where(Draft.person_id == person))
    await session.execute(update(Author).where(Author.person_id == person).values(person_id=None, name=None))
