"""Whether a text may be deposited in a research archive: its author's choice, no unless they say yes.

The answer is private and can be changed at any time; a row says who agreed and when. Of what was said in rooms, on
paper or in another process, whoever entered it records that the source agreed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.contributions.acting import note_privately, to_act_on
from app.contributions.channels import OF_OTHERS
from app.contributions.models import Author, Contribution, Deposit
from app.language import gettext as _
from app.permissions import Actor, Thing, require


async def change(session: AsyncSession, actor: Actor, id: UUID, *, agreed: bool) -> Contribution:
    """Agree for one text, or take it back. Raises NotFound, Forbidden, Conflict."""
    contribution, _floor, _owner = await to_act_on(session, actor, "contribution.deposit", id)
    if contribution.status == "erased":
        raise errors.Conflict(_("This text is erased: there is nothing left that could be deposited."))
    if await keep(session, actor, contribution, agreed=agreed):
        await note(session, contribution, agreed=agreed)
    return contribution


async def change_all(session: AsyncSession, actor: Actor, person: UUID, *, agreed: bool) -> int:
    """Agree for all that a person has written so far, or take it back; what they entered for others stays as it is.

    Returns how many texts have another answer now. Raises Forbidden.
    """
    require(actor, "contribution.deposit", Thing(owner=person))
    query = (
        select(Contribution)
        .join(Author, Author.id == Contribution.author_id)
        .where(Author.person_id == person, Contribution.status != "erased", Contribution.channel.not_in(OF_OTHERS))
        .order_by(Contribution.id)
        .with_for_update(key_share=True, of=Contribution)
    )
    texts = (await session.scalars(query)).all()
    changed = [each for each in texts if await keep(session, actor, each, agreed=agreed)]
    for each in sorted(changed, key=lambda each: each.consultation_id):  # logs are taken in the same order by all
        await note(session, each, agreed=agreed)
    return len(changed)


async def keep(session: AsyncSession, actor: Actor, contribution: Contribution, *, agreed: bool | None) -> bool:
    """Keep an answer, None for none. Returns whether it is another than before; the log hears of it by `note`."""
    if agreed is None:
        return False
    known = select(Deposit.contribution_id).where(Deposit.contribution_id == contribution.id)
    if (await session.scalar(known) is not None) == agreed:
        return False
    if agreed:
        await keep_many(session, actor.person, contribution.consultation_id, [contribution.id])
    else:
        await forget(session, contribution.id)
    return True


async def keep_many(session: AsyncSession, person: UUID | None, consultation: UUID, texts: Sequence[UUID]) -> None:
    """Keep that these new texts may be deposited; `person` says so, None: the file of an import."""
    now = clock.now()
    rows = [{"contribution_id": id, "consultation_id": consultation, "person_id": person, "given": now} for id in texts]
    if rows:
        await session.execute(insert(Deposit), rows)


async def note(session: AsyncSession, contribution: Contribution, *, agreed: bool) -> None:
    """Tell the staff log that the answer has changed."""
    await note_privately(session, contribution, "text.updated", changed=["deposit"], deposit=agreed)


async def repeat_no(session: AsyncSession, actor: Actor, id: UUID, since: datetime) -> None:
    """Take an answer back again in an older state of the database, unless it was given anew after `since`."""
    contribution, _floor, _owner = await to_act_on(session, actor, "contribution.deposit", id)
    kept = await session.get(Deposit, id)
    if kept is not None and kept.given < since:
        await forget(session, id)
        await note(session, contribution, agreed=False)


async def forget(session: AsyncSession, contribution: UUID) -> None:
    """No answer is kept about this text any more, which means no."""
    await session.execute(delete(Deposit).where(Deposit.contribution_id == contribution))


async def forget_person(session: AsyncSession, person: UUID) -> None:
    """Who leaves cannot change their mind later, so nothing of theirs is deposited. What others agreed to stays."""
    others = select(Contribution.id).where(
        Contribution.id == Deposit.contribution_id, Contribution.channel.in_(OF_OTHERS)
    )
    await session.execute(delete(Deposit).where(Deposit.person_id == person, ~others.exists()))
    await session.execute(update(Deposit).where(Deposit.person_id == person).values(person_id=None))


async def agreed_among(session: AsyncSession, texts: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the texts that may be deposited."""
    return frozenset(await session.scalars(select(Deposit.contribution_id).where(Deposit.contribution_id.in_(texts))))


async def given_by(session: AsyncSession, person: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """What a person agreed to, by text, those after `after`: to read all of it, a few at a time."""
    query = select(Deposit).where(Deposit.person_id == person).order_by(Deposit.contribution_id).limit(limit)
    found = await session.scalars(query.where(Deposit.contribution_id > after) if after else query)
    return [{"id": str(each.contribution_id), "given": clock.iso(each.given)} for each in found]
